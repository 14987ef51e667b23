// The same measurement as benches/speed, in wasm: node wasm.mjs MODULE WORLDS INPUTS. Prints a JSON line for each.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [module, worlds, inputs] = process.argv.slice(2);
const { check, checkPost, countEvents } = createRequire(import.meta.url)(module);
const runs = 15;
const options = { now: 1780000000 };

function time(run) {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function median(run) {
  run();
  const times = Array.from({ length: runs }, () => time(run));
  return times.sort((one, other) => one - other)[Math.floor(runs / 2)];
}

for (const { world, config, dotenv } of JSON.parse(readFileSync(worlds, 'utf8'))) {
  const input = { config, dotenv, authStore: null, environ: null };
  const check_ms = median(() => check(input, options));
  const parse_ms = median(() => countEvents(config));
  console.log(JSON.stringify({ world, bytes: Buffer.byteLength(config), check_ms, parse_ms }));
}

for (const { input, texts, post } of JSON.parse(readFileSync(inputs, 'utf8'))) {
  const run = () => (texts === undefined ? checkPost(post, options) : check(texts, options));
  console.log(JSON.stringify({ input, longest_ms: Math.min(time(run), time(run)) }));
}
