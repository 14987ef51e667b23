import module from 'poolcheck/poolcheck.wasm';
import * as poolcheck from 'poolcheck/wasm';
import { tell } from './tell.js';

poolcheck.init(module);

export default { fetch: () => Response.json(tell(poolcheck)) };
