// The real cases, as the gallery offers them: verdict, losers, pool, problems and fixes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserTests, markedText, settled, textOf } from './browser.js';

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
  // Two healthy spare keys: nothing is struck through.
  assert.deepEqual(await page.locator('.losers .label').allInnerTexts(), ['aistudio-2', 'aistudio-3']);
  assert.equal(await page.locator('.losers s, .mark-unused').count(), 0);
  assert.equal(await page.locator('.problem').count(), 0);
  assert.deepEqual(await markedText(page, 'dotenv', '.mark-used'), ['AIza-fake-aistudio-1']);
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
  assert.equal(await page.locator('.verdict.notPasted').count(), 1);
  assert.equal(await stop(page, 'Provider'), 'gemini');
  const places = {};
  for (const problem of await page.locator('.problem').all()) {
    const code = (await problem.locator('.code').innerText()).split(' ')[0];
    await problem.locator('.problem-head .place').click();
    places[code] ??= [];
    places[code].push(await selected(page));
  }
  assert.deepEqual(places.PC301, ['credential_pool']);
  assert.deepEqual(places.PC303, ['GEMINI_API_KEY_1', 'GEMINI_API_KEY_2', 'GEMINI_API_KEY_3']);
  assert.deepEqual(await page.locator('.fallback .label').allInnerTexts(), ['openrouter', 'openrouter', 'openrouter']);
});

test('the flattened forum case: what its author has comes first, and what was pasted is a click away', async () => {
  const page = await shared.open('forum-flattened');
  const banner = page.locator('.repair-banner');
  assert.match(await banner.innerText(), /^Indentation restored \(lines: \d+\)/);
  // The banner, then the answer for the repaired text.
  assert.ok(await page.locator('#report > :first-child').evaluate((first) => first.matches('.repair-banner')));
  assert.match(await page.innerText('#verdict-title'), /No credential for gemini is in the files that you pasted/);
  assert.doesNotMatch(await page.innerText('.steps'), /indentation/i);
  assert.equal(await page.locator('.problems:not(.damage) .problem:has(.code:text("PC106"))').count(), 0);
  const key = page.locator('.problem:has(.code:text("PC303"))').first();
  await key.locator('.problem-head .place').click();
  assert.equal(await selected(page), 'GEMINI_API_KEY_1');
  assert.ok(
    (await page.locator('[data-source=config] .cm-lintRange-hint').allInnerTexts()).includes('credential_pool'),
  );

  // Viewed: what was damaged, and what the repair makes of it.
  await page.click('[data-key="view repair"]');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'damage-title');
  assert.match(await page.locator('.damage .preview').innerText(), /^ {8}api_key: GEMINI_API_KEY_1$/m);

  // Undone: the answer is for what was pasted.
  await page.click('[data-key="as pasted"]');
  assert.equal(await page.locator('.verdict.notConfigured').count(), 1);
  assert.equal(await page.locator('.problem:has(.code:text("PC106"))').count(), 1);
  await page.click('[data-key="as pasted"]');
  assert.match(await page.innerText('#verdict-title'), /No credential for gemini is in the files that you pasted/);

  // Written into the editor, and taken back where it is said.
  const pasted = await textOf(page, 'config');
  await page.click('[data-key=repair]');
  await banner.waitFor({ state: 'detached' });
  assert.match(await textOf(page, 'config'), /^ {4}- provider: google/m);
  assert.equal(await page.locator('.problem:has(.code:text("PC301"))').count(), 1);
  await page.click('#undo');
  await banner.waitFor();
  assert.equal(await textOf(page, 'config'), pasted);
});

test('a stale row of the pool beats the new key, which is struck through where it stands', async () => {
  const page = await shared.open('stale-pool-row');
  assert.match(await stop(page, 'Credential'), /^api-key-1/);
  const loser = page.locator('.losers li', { has: page.locator('s:text-is("model.api_key")') });
  assert.ok(await loser.locator('.reason').innerText());
  await loser.locator('.place').click();
  // The line with the cursor shows its key.
  await page.waitForFunction(() => getSelection().toString() === 'sk-fake-xiaomi-new');
  assert.deepEqual(await markedText(page, 'config', '.mark-unused'), ['sk-fake-xiaomi-new']);
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
