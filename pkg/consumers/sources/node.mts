import * as poolcheck from 'poolcheck';
import type { Options } from 'poolcheck';
// @ts-ignore: it has no types of its own.
import { tell } from './tell.js';

const options: Options = { encoding: 'utf16' };
poolcheck.check({}, options);
console.log(JSON.stringify(tell(poolcheck)));
