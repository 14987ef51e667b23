// Runs the bundled worker as the local runtime does.

import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';

const miniflare = new Miniflare({
  cf: false,
  modules: [
    { type: 'ESModule', path: 'worker.js', contents: readFileSync('workerd/worker.js', 'utf8') },
    { type: 'CompiledWasm', path: 'poolcheck.wasm', contents: readFileSync('workerd/poolcheck.wasm') },
  ],
  compatibilityDate: '2026-01-01',
});
const response = await miniflare.dispatchFetch('http://localhost/');
console.log(await response.text());
await miniflare.dispose();
