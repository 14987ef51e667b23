const poolcheck = require('poolcheck');

import('./tell.js').then(({ tell }) => console.log(JSON.stringify(tell(poolcheck))));
