import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as poolcheck from 'poolcheck/wasm';
import schema from 'poolcheck/schema' with { type: 'json' };
import { tell } from './tell.js';

const file = fileURLToPath(import.meta.resolve('poolcheck/poolcheck.wasm'));
if (schema.$ref !== '#/definitions/Report') throw new Error('the schema is not that of a report');
for (const [call, message] of [
  [() => poolcheck.check({}), 'poolcheck: call `init` with the compiled module of `poolcheck/poolcheck.wasm` first'],
  [() => poolcheck.init(readFileSync(file)), 'poolcheck: `module` must be a WebAssembly.Module'],
]) {
  let told;
  try {
    call();
  } catch (error) {
    told = error.message;
  }
  if (told !== message) throw new Error(`${told} instead of ${message}`);
}
poolcheck.init(new WebAssembly.Module(readFileSync(file)));
console.log(JSON.stringify(tell(poolcheck)));
