module.exports = require('./precompiled.js');
