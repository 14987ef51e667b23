// The same measurement as worlds.rs, in wasm: node worlds.mjs MODULE WORLDS. Prints a JSON line for each world.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [module, worlds] = process.argv.slice(2);
const { check, countEvents } = createRequire(import.meta.url)(module);
const runs = 15;

function median(run) {
  run();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((one, other) => one - other)[Math.floor(runs / 2)];
}

for (const { world, config, dotenv } of JSON.parse(readFileSync(worlds, 'utf8'))) {
  const input = { config, dotenv, authStore: null, environ: null };
  const check_ms = median(() => check(input, { now: 1780000000 }));
  const parse_ms = median(() => countEvents(config));
  console.log(JSON.stringify({ world, bytes: Buffer.byteLength(config), check_ms, parse_ms }));
}
