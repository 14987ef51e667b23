// The real cases, as the gallery offers them: verdict, losers, pool, problems and fixes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserTests, settled, textOf } from './browser.js';

const shared = browserTests();
const stop = (page, title) =>
  page
    .locator('.stop', { has: page.locator(`dt:text-is("${title}")`) })
    .locator('.stop-name')
    .innerText();
const pool = (page) =>
  page.locator('.pool tbody tr').evaluateAll((rows) =>
    rows.map((row) => ({
      label: row.querySelector('.label').textContent,
      status: row.querySelector('.pool-status .chip').textContent,
      isNext: row.classList.contains('is-next'),
    })),
  );
const selected = (page) => page.evaluate(() => getSelection().toString());

test('the corrected setup: GOOGLE_API_KEY now, then the rows of the pool', async () => {
  const page = await shared.open('corrected-setup');
  assert.equal(await stop(page, 'Provider'), 'gemini');
  assert.equal(await stop(page, 'Endpoint'), 'https://generativelanguage.googleapis.com/v1beta');
  assert.match(await stop(page, 'Credential'), /^GOOGLE_API_KEY/);
  assert.deepEqual(await pool(page), [
    { label: 'GOOGLE_API_KEY', status: 'ok', isNext: true },
    { label: 'aistudio-2', status: 'ok', isNext: false },
    { label: 'aistudio-3', status: 'ok', isNext: false },
  ]);
  assert.deepEqual(await page.locator('.losers s').allInnerTexts(), ['aistudio-2', 'aistudio-3']);
  assert.equal(await page.locator('.problem').count(), 0);
  assert.deepEqual(await page.locator('[data-source=dotenv] .mark-used').allInnerTexts(), ['AIza-fake-aistudio-1']);
});

test('manual rows only: a row of the pool comes before GOOGLE_API_KEY', async () => {
  const page = await shared.open('manual-rows-only');
  assert.match(await stop(page, 'Credential'), /^aistudio-2/);
  assert.deepEqual(
    (await pool(page)).map(({ label }) => label),
    ['aistudio-2', 'aistudio-3', 'GOOGLE_API_KEY'],
  );
});

test('the forum case: every problem leads to what it speaks of', async () => {
  const page = await shared.open('forum-indented');
  assert.equal(await page.locator('.verdict.fails').count(), 1);
  assert.equal(await stop(page, 'Provider'), 'gemini');
  const places = {};
  for (const problem of await page.locator('.problem').all()) {
    const code = (await problem.locator('.code').innerText()).split(' ')[0];
    await problem.locator('.problem-head .place').click();
    (places[code] ??= []).push(await selected(page));
  }
  assert.deepEqual(places.PC301, ['credential_pool']);
  assert.deepEqual(places.PC303, ['GEMINI_API_KEY_1', 'GEMINI_API_KEY_2', 'GEMINI_API_KEY_3']);
  assert.deepEqual(await page.locator('.fallback .label').allInnerTexts(), ['openrouter', 'openrouter', 'openrouter']);
});

test('the flattened forum case: what was pasted first, and the real problems after repair at once', async () => {
  const page = await shared.open('forum-flattened');
  assert.equal(await page.locator('.verdict.notConfigured').count(), 1);
  assert.equal(await page.locator('.problems:not(.repaired) .problem:has(.code:text("PC106"))').count(), 1);
  assert.match(await page.locator('.preview').innerText(), /^ {8}api_key: GEMINI_API_KEY_1$/m);
  assert.match(await page.innerText('.repaired-verdict'), /no usable credential for gemini/);
  const key = page.locator('.repaired .problem:has(.code:text("PC303"))').first();
  await key.locator('.problem-head .place').click();
  assert.equal(await selected(page), 'GEMINI_API_KEY_1');
  assert.ok((await page.locator('[data-source=config] .cm-lintRange-hint').allInnerTexts()).includes('credential_pool'));
  await page.click('[data-key=repair]');
  await page.waitForSelector('.repaired', { state: 'detached' });
  assert.match(await textOf(page, 'config'), /^ {4}- provider: google/m);
  assert.equal(await page.locator('.problem:has(.code:text("PC301"))').count(), 1);
});

test('a stale row of the pool beats the new key, which is struck through where it stands', async () => {
  const page = await shared.open('stale-pool-row');
  assert.match(await stop(page, 'Credential'), /^api-key-1/);
  const loser = page.locator('.losers li', { has: page.locator('s:text-is("model.api_key")') });
  assert.ok(await loser.locator('.reason').innerText());
  await loser.locator('.place').click();
  assert.equal(await selected(page), 'sk-fake-xiaomi-new');
  assert.deepEqual(await page.locator('[data-source=config] .mark-unused').allInnerTexts(), ['sk-fake-xiaomi-new']);
});

test('one key in cooldown: how long it lasts, at the time that the example speaks of', async () => {
  const page = await shared.open('one-key-cooldown');
  assert.deepEqual(await pool(page), [{ label: 'coding plan key', status: 'exhausted', isNext: false }]);
  assert.match(await page.locator('.cooldown').innerText(), /^40 mins? left$/);
  await page.click('#as-of-summary');
  await page.click('#as-of-now');
  await settled(page);
  assert.equal(await page.locator('.cooldown').count(), 0);
});

const nested = /^ {2}fallback_providers:/m;
const atRoot = /^fallback_providers:/m;
const misplaced = '.problem:has(.code:text("PC602"))';

test('a fix is made with one click, and undone in the editor', async () => {
  const page = await shared.open('one-key-cooldown');
  assert.match(await textOf(page, 'config'), nested);
  await page.locator(`${misplaced} .fix`).click();
  await page.waitForSelector(misplaced, { state: 'detached' });
  assert.match(await textOf(page, 'config'), atRoot);
  await page.locator('[data-source=config] .cm-content').focus();
  await page.keyboard.press('Control+z');
  await page.waitForSelector(misplaced);
  assert.match(await textOf(page, 'config'), nested);
});

test('a fix is made from the note at the underlined text', async () => {
  const page = await shared.open('one-key-cooldown');
  await page.locator('[data-source=config] .cm-lintRange-error').first().hover();
  await page.locator('.cm-tooltip .cm-diagnosticAction').click();
  await page.waitForSelector(misplaced, { state: 'detached' });
  assert.match(await textOf(page, 'config'), atRoot);
});

test('a fix is made with the keyboard', async () => {
  const page = await shared.open('one-key-cooldown');
  await page.keyboard.press('F8');
  assert.equal(await selected(page), 'fallback_providers');
  await page.keyboard.press('Control+.');
  await page.waitForSelector(misplaced, { state: 'detached' });
  assert.match(await textOf(page, 'config'), atRoot);
});
