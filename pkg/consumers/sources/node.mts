import * as poolcheck from 'poolcheck';
import type { Options } from 'poolcheck';
// biome-ignore lint/suspicious/noTsIgnore: only some of the programs that run this look for its types.
// @ts-ignore: it has no types of its own.
import { tell } from './tell.js';

const options: Options = { encoding: 'utf16' };
poolcheck.check({}, options);
console.log(JSON.stringify(tell(poolcheck)));
