// What is published to check reports with, and the format that others define.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import Draft04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import * as poolcheck from '../dist/index.js';
import { worlds } from './worlds.js';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const published = JSON.parse(read('../dist/report.schema.json'));

/** `schema` without the leave to have other properties. */
function closed(schema) {
  if (schema === null || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return schema.type === 'object' && schema.properties ? { ...copy, additionalProperties: false } : copy;
}

/** Every report on the corpus, in both languages and with all that can be asked for. */
function* asked() {
  const all = worlds();
  assert.notEqual(all.length, 0);
  for (const { name, input } of all) {
    for (const language of ['en', 'zh-CN']) yield { name, input, options: { language, now: 1_780_000_000 } };
  }
  const input = { config: 'model: {provider: gemini}\n', dotenv: null, authStore: null, environ: '' };
  yield { name: 'releases', input, options: { compareReleases: true, severities: { PC203: 'off' } } };
}

test('the published schema says what it said', () => {
  assert.equal(
    read('../dist/report.schema.json'),
    read('report.schema.json'),
    'pkg/tests/report.schema.json differs: where the change is meant, run `cargo xtask wasm --bless`',
  );
});

test('every report is valid, and has nothing that the schema does not name', () => {
  const [valid, exact] = [published, closed(published)].map((schema) => new Ajv().compile(schema));
  for (const { name, input, options } of asked()) {
    const report = poolcheck.check(input, options);
    assert.ok(valid(report), `${name}: ${JSON.stringify(valid.errors)}`);
    assert.ok(exact(report), `${name}: ${JSON.stringify(exact.errors)}`);
    assert.ok(!valid({ ...report, findings: undefined }));
    assert.ok(!valid({ ...report, basis: 7 }));
    assert.ok(valid({ ...report, later: 7 }) && !exact({ ...report, later: 7 }));
  }
});

test('SARIF is valid by the schema of its version 2.1.0', () => {
  const require = createRequire(import.meta.url);
  const ajv = formats(new Draft04({ strict: false, unicodeRegExp: false }));
  const valid = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
  for (const { name, input, options } of asked()) {
    const log = poolcheck.sarif(input, options);
    assert.ok(valid(log), `${name}: ${JSON.stringify(valid.errors)}`);
    const [run] = log.runs;
    const report = poolcheck.check(input, options);
    const findings = [...report.findings, ...(report.repaired?.findings ?? [])];
    assert.deepEqual(
      run.results.map(({ properties }) => properties.id),
      findings.map(({ id }) => id),
    );
    for (const { ruleId, ruleIndex, locations, relatedLocations } of run.results) {
      assert.equal(run.tool.driver.rules[ruleIndex].id, ruleId);
      for (const { physicalLocation } of [...locations, ...relatedLocations]) {
        const { index, uri } = physicalLocation.artifactLocation;
        assert.equal(run.artifacts[index].location.uri, uri);
      }
    }
    assert.ok(!valid({ ...log, runs: [{ ...run, tool: {} }] }));
  }
});

test('SARIF counts in UTF-16, whatever is asked for', () => {
  const input = { config: 'model: {"😀": 1, provider: gemini, provider: gemini}\n' };
  assert.deepEqual(poolcheck.sarif(input, { encoding: 'utf8' }), poolcheck.sarif(input));
  const { location } = poolcheck.check(input).findings.find(({ code }) => code === 'PC107');
  const result = poolcheck.sarif(input).runs[0].results.find(({ ruleId }) => ruleId === 'PC107');
  const { startLine, startColumn, endLine, endColumn } = result.locations[0].physicalLocation.region;
  assert.deepEqual([startLine, startColumn], [location.start.line, location.start.column]);
  assert.deepEqual([endLine, endColumn], [location.end.line, location.end.column]);
});
