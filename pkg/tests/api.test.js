// The JavaScript surface: plain results, clear errors, published types.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import * as poolcheck from '../dist/index.js';
import { files, worlds } from './worlds.js';

const here = (path) => new URL(path, import.meta.url);

test('a report survives a structured clone and a JSON round trip', () => {
  const all = worlds();
  assert.notEqual(all.length, 0);
  for (const { name, input } of all) {
    for (const language of ['en', 'zh-CN']) {
      const report = poolcheck.check(input, { language, now: 1_780_000_000 });
      assert.deepEqual(structuredClone(report), report, name);
      assert.deepEqual(JSON.parse(JSON.stringify(report)), report, name);
    }
  }
});

test('each release that is listed can be asked for, and its tables come out as they went in', async () => {
  const releases = poolcheck.releases('en');
  assert.notEqual(releases.length, 0);
  const { text } = await import('../dist/texts.js');
  for (const { version, standing } of releases) {
    const { hermes } = poolcheck.check({ config: 'model: {provider: gemini}\n' }, { hermes: version });
    assert.deepEqual({ version: hermes.version, standing: hermes.standing }, { version, standing });
    const tables = readFileSync(here(`../../data/hermes-${version}.json`), 'utf8');
    const lines = tables.split('\n').map((line) => line.trim());
    assert.equal(text(`hermes-${version}`), lines.join('\n').trimEnd(), version);
  }
  assert.throws(() => poolcheck.check({}, { hermes: '0.12.0' }), /0\.19\.0.*0\.13\.0/);
});

test('what changes from release to release is told where it is asked for', () => {
  const input = { config: 'model: {provider: gemini}\n', dotenv: null, authStore: null, environ: '' };
  assert.equal(poolcheck.check(input).releases, undefined);
  const { releases } = poolcheck.check(input, { compareReleases: true });
  assert.deepEqual(
    releases.map(({ release, code }) => [release, code]),
    [['0.19.0', undefined]],
  );
  assert.match(releases[0].message, /^From 0\.19\.0 on: Hermes stops/);
});

test('rules are plain objects and each explains itself', () => {
  const rules = poolcheck.rules('en');
  assert.notEqual(rules.length, 0);
  assert.deepEqual(structuredClone(rules), rules);
  for (const rule of rules) assert.deepEqual(poolcheck.explainRule(rule.code, 'en'), rule);
  assert.equal(poolcheck.explainRule('PC000'), undefined);
});

test('a text that is null is known to be absent, one that is undefined or left out is not given', () => {
  const notGiven = (input) => poolcheck.check(input).notGiven.map(({ source }) => source);
  const config = 'model: {provider: gemini}\n';
  assert.deepEqual(notGiven({ config, dotenv: undefined }), notGiven({ config }));
  assert.ok(notGiven({ config }).includes('dotenv'));
  assert.ok(!notGiven({ config, dotenv: null }).includes('dotenv'));
});

test('a report brings its Markdown along where that is asked for, that of a post with the places of the post', () => {
  const input = { config: 'model: {provider: geminni}\n' };
  assert.equal(poolcheck.check(input).markdown, undefined);
  for (const language of ['en', 'zh-CN']) {
    const options = { now: 1_780_000_000, language };
    const { markdown, ...report } = poolcheck.check(input, { ...options, markdown: true });
    assert.equal(markdown, poolcheck.markdown(input, options));
    assert.deepEqual(report, poolcheck.check(input, options));
  }
  const post = 'It fails for **me**:\n\nmodel:\n  provider: "@everyone"\n';
  const { report } = poolcheck.checkPost(post, { markdown: true });
  assert.match(report.markdown, /line 4 \(config\.yaml\)/);
  assert.match(report.markdown, /`@everyone`/);
  assert.throws(() => poolcheck.check({}, { markdown: 1 }), {
    name: 'TypeError',
    message: 'poolcheck: `options.markdown` must be true or false, not number',
  });
});

test('the times left in a listing count from when it was taken', () => {
  const config = 'model: {provider: gemini, default: g}\n';
  const listing = `gemini (2 credentials):
  #1  one                  api_key manual rate-limited (429) (41m 2s left)
  #2  two                  api_key manual ←
`;
  const now = 1_780_000_000;
  const verdict = (options) => {
    const { winner, pool } = poolcheck.check({ config, listing }, { now, ...options }).verdict;
    return [winner.label, pool.entries[0].cooldownLeft];
  };
  // 41 minutes and 2 seconds are 2462 seconds.
  assert.deepEqual(verdict({}), ['two', 2462]);
  assert.deepEqual(verdict({ listingTakenAt: now - 1000 }), ['two', 1462]);
  assert.deepEqual(verdict({ listingTakenAt: now - 86_400 }), ['one', undefined]);
  assert.throws(() => poolcheck.check({}, { listingTakenAt: Number.NaN }), {
    name: 'TypeError',
    message: 'poolcheck: `options.listingTakenAt` must be a finite number of seconds since 1970, not number',
  });
});

test('places are counted in the encoding that is asked for', () => {
  const config = '# 😀键\n"😀": 1\nmodel: {"😀": 1, provider: gemini, provider: gemini}\n';
  const start = (encoding) =>
    poolcheck.check({ config }, { encoding }).findings.find(({ code }) => code === 'PC107').location.start;
  const at = config.indexOf('provider');
  const before = config.slice(0, at);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  assert.deepEqual(start('utf16'), { line: 3, column: line.length + 1, offset: at });
  assert.deepEqual(start(undefined), start('utf16'));
  assert.deepEqual(start('utf8'), { line: 3, column: Buffer.byteLength(line) + 1, offset: Buffer.byteLength(before) });
  assert.deepEqual(start('codePoints'), { line: 3, column: [...line].length + 1, offset: [...before].length });
});

test('arguments of a wrong type are refused in words that repeat no text', () => {
  const key = 'sk-fake-0123456789abcdef';
  const refusals = [
    [() => poolcheck.check(), '`input` must be an object, not undefined'],
    [() => poolcheck.check(null), '`input` must be an object, not null'],
    [() => poolcheck.check([]), '`input` must be an object, not an array'],
    [() => poolcheck.check(key), '`input` must be an object, not another string'],
    [
      () => poolcheck.check({ config: 7 }),
      '`input.config` must be a string, null (does not exist) or undefined (not known), not number',
    ],
    [
      () => poolcheck.check({ [key]: 'x' }),
      '`input` has a property that is not known; known are config, dotenv, authStore, jobs, environ, listing, log, commands and debugReport',
    ],
    [() => poolcheck.check({}, 7), '`options` must be an object, not number'],
    [
      () => poolcheck.check({}, { now: Number.NaN }),
      '`options.now` must be a finite number of seconds since 1970, not number',
    ],
    [
      () => poolcheck.check({}, { now: '1' }),
      '`options.now` must be a finite number of seconds since 1970, not another string',
    ],
    [() => poolcheck.check({}, { language: key }), '`options.language` must be "en" or "zh-CN", not another string'],
    [
      () => poolcheck.check({}, { encoding: 'utf32' }),
      '`options.encoding` must be "utf16", "utf8" or "codePoints", not another string',
    ],
    [
      () => poolcheck.check({}, { severities: { PC203: key } }),
      '`options.severities[]` must be off, info, warning or error, not another string',
    ],
    [() => poolcheck.check({}, { hermes: 19 }), '`options.hermes` must be a string, not number'],
    [() => poolcheck.applyFixes({}, 'f1'), '`findingIds` must be an array of strings, not another string'],
    [() => poolcheck.applyFixes({}, [1]), '`findingIds[]` must be a string, not number'],
    [() => poolcheck.redact({}), '`text` must be a string, not object'],
    [() => poolcheck.keySpans(1), '`text` must be a string, not number'],
    [() => poolcheck.openFiles(key), '`files` must be an array, not another string'],
    [() => poolcheck.openFiles([{ name: 1 }]), '`files[].name` must be a string, not number'],
    [() => poolcheck.explainRule(203), '`code` must be a string, not number'],
  ];
  for (const [call, message] of refusals) {
    assert.throws(call, { name: 'TypeError', message: `poolcheck: ${message}` });
  }
});

test('keys are found at their places, counted as JavaScript counts', () => {
  const secret = 'sk-fake-of-nobody-0000';
  const text = `# 名 😀\nRELAY_KEY=${secret}\n`;
  assert.deepEqual(
    poolcheck.keySpans(text).map(({ start, end }) => text.slice(start, end)),
    [secret],
  );
  assert.deepEqual(poolcheck.keySpans('model: gemini\n'), []);
});

test('files are told apart by their names', () => {
  const files = [
    { name: 'logs/agent.log.1', text: 'one' },
    { name: 'logs/gateway.log', text: 'two' },
    { name: 'post.txt', text: 'three' },
  ];
  const { files: told, texts } = poolcheck.openFiles(files);
  assert.deepEqual(told, [{ kind: 'log', used: true }, { kind: 'log', used: true }, { used: false }]);
  assert.deepEqual(texts, { log: 'one\ntwo' });
});

test('findings are silenced by comments and severities, and are counted', () => {
  const twice = 'model:\n  provider: openrouter\nmodel:\n  provider: gemini\n';
  const told = ({ findings, silenced }) => [findings.map(({ code, severity }) => [code, severity]), silenced];
  assert.deepEqual(told(poolcheck.check({ config: twice })), [[['PC107', 'error']], []]);
  assert.deepEqual(told(poolcheck.check({ config: twice }, { severities: { PC107: 'info' } })), [
    [['PC107', 'info']],
    [],
  ]);
  const silenced = [[], [{ code: 'PC107', count: 1 }]];
  assert.deepEqual(told(poolcheck.check({ config: twice }, { severities: { PC107: 'off' } })), silenced);
  assert.deepEqual(told(poolcheck.check({ config: `# poolcheck: ignore[PC107]\n${twice}` })), silenced);
  assert.throws(
    () => poolcheck.check({}, { severities: { PC000: 'off' } }),
    /^Error: poolcheck: no rule has the code PC000$/,
  );
});

test('all safe fixes are made at once', () => {
  const config = 'model:\n\tprovider: gemini # poolcheck: ignore[PC000]\n';
  assert.deepEqual(poolcheck.applySafeFixes({ config }), { config: 'model:\n  provider: gemini\n' });
  assert.deepEqual(poolcheck.applySafeFixes({ config: 'model: {provider: gemini}\n' }), {});
});

test('a post is split, and its texts are checked', () => {
  const post = 'It fails: 😀\n\nmodel:\n  provider: gemini\n\n.env\nGEMINI_API_KEY_1=AIza-fake-key-of-nobody\n';
  const { parts, texts } = poolcheck.split(post);
  assert.deepEqual(
    parts.map(({ kind, used }) => [kind, used]),
    [
      [undefined, false],
      ['config', true],
      [undefined, false],
      ['dotenv', true],
    ],
  );
  const [, config] = parts;
  assert.equal(post.slice(config.start.offset, config.end.offset), 'model:\n  provider: gemini');
  assert.deepEqual(texts, { config: 'model:\n  provider: gemini', dotenv: 'GEMINI_API_KEY_1=AIza-fake-key-of-nobody' });
  assert.ok(poolcheck.check(texts).findings.some(({ code }) => code === 'PC401'));
  assert.doesNotMatch(JSON.stringify(parts), /nobody|gemini/);
  assert.equal(poolcheck.split(post, 'zh-CN').parts[1].name, 'config.yaml 第 3–4 行');
  const corrected = poolcheck.split(post, undefined, [
    { part: 3, kind: 'environ' },
    { part: 1, kind: null },
  ]);
  assert.deepEqual(corrected.texts, { environ: 'GEMINI_API_KEY_1=AIza-fake-key-of-nobody' });
  assert.deepEqual(poolcheck.split('').parts, []);
});

test('wrong corrections are refused', () => {
  for (const [corrections, message] of [
    [7, '`corrections` must be an array, not number'],
    [[{ part: 'x', kind: null }], '`corrections[].part` must be the number of a part, not another string'],
    [[{ part: 0, kind: 'x' }], '`corrections[].kind` must be the name of a pasted text or null, not another string'],
    [[{ part: 0 }], '`corrections[]` must be an object with part and kind, not object'],
    [[{ part: 0, kinds: 'x' }], '`corrections[]` has a property that is not known; known are part and kind'],
  ]) {
    assert.throws(() => poolcheck.split('', 'en', corrections), {
      name: 'TypeError',
      message: `poolcheck: ${message}`,
    });
  }
});

test('a finding that is not there cannot be fixed', () => {
  assert.throws(() => poolcheck.applyFixes({ config: '' }, ['no such id']), /^Error: poolcheck: /);
});

test('hostile texts are answered', () => {
  const texts = [
    '\0',
    '\uD800',
    '\uFEFF',
    '['.repeat(100_000),
    'a: &a [*a]',
    '{'.repeat(5000),
    '键：值',
    'x'.repeat(320 << 10),
  ];
  for (const text of texts) {
    for (const source of Object.keys(files)) {
      assert.ok(poolcheck.check({ [source]: text }).verdict.summary);
    }
  }
  const half = 'x'.repeat(160 << 10);
  assert.ok(poolcheck.check({ config: half, log: half }).verdict.summary);
  assert.throws(() => poolcheck.check({ config: half, log: `${half}x` }), /longer than 320 KiB in all/);
  assert.throws(() => poolcheck.split(`${half}${half}x`), /longer than 320 KiB in all/);
});

test('the published types say what they said, without `any`', () => {
  const types = readFileSync(here('../dist/index.d.ts'), 'utf8');
  assert.doesNotMatch(types.replace(/\/\*[^]*?\*\//g, ''), /\bany\b/);
  assert.equal(
    types,
    readFileSync(here('api.d.ts'), 'utf8'),
    'pkg/tests/api.d.ts differs: where the change is meant, run `cargo xtask wasm --bless`',
  );
});

test('scripts are ASCII, and so are the strings in them', () => {
  // A page that names no charset reads classic scripts otherwise, and minifiers resolve escapes.
  const dist = readdirSync(here('../dist/')).filter((name) => /\.c?js$/.test(name));
  assert.notEqual(dist.length, 0);
  for (const name of dist) {
    const script = readFileSync(here(`../dist/${name}`), 'utf8');
    assert.doesNotMatch(script, /[^\0-\x7f]/, name);
    if (name !== 'glue.js') assert.doesNotMatch(script, /\\[xu][^0]/, name);
  }
});

test('the package has the version of the crate', () => {
  const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8'));
  assert.equal(version, readFileSync(here('../../Cargo.toml'), 'utf8').match(/^version = "(.*)"/m)[1]);
});
