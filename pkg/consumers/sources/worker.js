import * as poolcheck from 'poolcheck';
import { tell } from './tell.js';

postMessage(tell(poolcheck));
