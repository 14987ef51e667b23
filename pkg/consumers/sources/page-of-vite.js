import * as poolcheck from 'poolcheck/wasm';
import address from 'poolcheck/poolcheck.wasm?url';
import { tell } from './tell.js';

poolcheck.init(await WebAssembly.compileStreaming(fetch(address)));
globalThis.told = tell(poolcheck);
