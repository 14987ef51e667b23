import * as poolcheck from 'poolcheck/wasm';
import { tell } from './tell.js';

poolcheck.init(await WebAssembly.compileStreaming(fetch(import.meta.resolve('poolcheck/poolcheck.wasm'))));
globalThis.told = tell(poolcheck);
