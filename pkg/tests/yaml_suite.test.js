// The texts of the YAML test suite, with which the core's reader is compared with Hermes' own.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lines, written } from '../../tests/yaml/suite.mjs';

test('suite.jsonl has every text of the YAML test suite', async () => {
  assert.deepEqual(written(), await lines());
});
