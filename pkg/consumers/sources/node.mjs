import * as poolcheck from 'poolcheck';
import { tell } from './tell.js';

console.log(JSON.stringify(tell(poolcheck)));
