// The page's wordings: every one is used, is there in both languages, and has the same places to fill.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

const english = Object.fromEntries(
  [...read('../src/messages.ts').matchAll(/'(page\.[\w.-]+)':\s*'((?:[^'\\]|\\.)*)'/g)].map(([, id, text]) => [
    id,
    text,
  ]),
);
const chinese = Object.fromEntries(
  Object.entries(JSON.parse(read('../../locales/zh-CN.json'))).filter(([id]) => id.startsWith('page.')),
);

test('both languages have the same messages, in order', () => {
  assert.notEqual(Object.keys(english).length, 0);
  assert.deepEqual(Object.keys(english), Object.keys(english).sort());
  assert.deepEqual(Object.keys(chinese), Object.keys(english));
});

test('both languages fill the same places', () => {
  const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [id, text] of Object.entries(english)) assert.deepEqual(places(chinese[id]), places(text), id);
});

test('every message is used, and every message that is used is there', () => {
  const sources = readdirSync(new URL('../src/', import.meta.url)).filter(
    (name) => name !== 'messages.ts' && name.endsWith('.ts'),
  );
  const used = new Set(
    [read('../index.html'), ...sources.map((name) => read(`../src/${name}`))].flatMap((text) =>
      [...text.matchAll(/['"](page\.[\w.-]+)['"]/g)].map(([, id]) => id),
    ),
  );
  assert.deepEqual([...used].sort(), Object.keys(english).sort());
});

test('a Chinese message is not left in English', () => {
  for (const [id, text] of Object.entries(chinese)) {
    if (!['page.release'].includes(id)) assert.match(text, /\p{Script=Han}/u, id);
  }
});
