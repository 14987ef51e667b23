// Node 20.19 and later can `require` a module. Doing it here, inside the package, spares the caller the
// warning that some of those releases print.
module.exports = require('./index.js');
