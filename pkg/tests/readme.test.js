// The example of the README says what it says.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as poolcheck from '../dist/index.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the example gives what its comment says', () => {
  const code = readme
    .match(/```js\n([^]*?)```/)[1]
    .replace(/^import .*$/m, '')
    .replace(/^report\./gm, 'results.push(report.');
  const [, said] = readme.match(/verdict\.summary; \/\/ '(.*)'/);
  const results = [];
  new Function('check', 'results', code.replace(/^(results\.push\(.*?);/gm, '$1);'))(poolcheck.check, results);
  assert.equal(results[0], said);
  assert.doesNotMatch(results[1], /key-of-nobody/);
  assert.ok(Array.isArray(results[2]));
});

test('every function is named', () => {
  for (const name of Object.keys(poolcheck)) assert.ok(readme.includes(`\`${name}(`), name);
});
