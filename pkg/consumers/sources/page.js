import * as poolcheck from 'poolcheck';
import { tell } from './tell.js';

globalThis.told = tell(poolcheck);
