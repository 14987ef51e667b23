// Worlds that no fixture holds, typed into the page: what it says has to be what the real program answered. The worlds
// were drawn from seeds (`cargo xtask record`); each is asked of one release, another one from world to world.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { browserTests, copied, paste, sayNothingElseExists } from './browser.js';

const shared = browserTests();
const panes = { 'config.yaml': 'config', '.env': 'dotenv', 'auth.json': 'authStore' };
/** What an editor in a browser keeps as it is: no carriage return, no other control character. */
const isTypeable = (text) => !/[\p{Cc}\u2028\u2029]/u.test(text.replaceAll('\n', '')) && text.trim() !== '';
/** Questions that change nothing that a later one could see. */
const harmless = new Set([
  'yaml',
  'canonical',
  'strategy',
  'validate',
  'known_key',
  'env',
  'environ',
  'fallback',
  'config',
  'custom',
]);

/** Recorded worlds that the page can be given whole, with what the real program resolved in them. */
function recordedWorlds() {
  const folder = new URL('../../tests/differential/recorded/', import.meta.url);
  return readFileSync(new URL('chosen.jsonl', folder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .flatMap(({ case: { id, now, files, environ, home, profile, ask }, releases, answers }, index) => {
      const all = releases.split(' ');
      const release = all[index % all.length];
      const at = ask.findIndex(({ do: question, requested }) => question === 'resolve' && requested === undefined);
      // An answer that all releases share stands there once, without saying whose it is.
      const answer = answers[at]?.find(({ of }) => of === undefined || of.split(' ').includes(release))?.is.ok;
      const texts = [
        ...Object.entries(files),
        [
          '',
          Object.entries(environ)
            .map((pair) => pair.join('='))
            .join('\n'),
        ],
      ];
      const isWhole =
        answer?.api_key &&
        !Object.keys(home ?? {}).length &&
        !profile &&
        ask.slice(0, at).every(({ do: question }) => harmless.has(question)) &&
        Object.keys(files).every((file) => file in panes) &&
        texts.every(([, text]) => text === '' || isTypeable(text)) &&
        Object.values(environ).every((value) => /^[\w./:-]+$/.test(value));
      return isWhole ? [{ id, now, release, files, environ: texts.at(-1)[1], answer }] : [];
    });
}

test('the page names the winner that the real program resolved', async () => {
  const worlds = recordedWorlds().slice(0, 100);
  assert.ok(worlds.length >= 20, `${worlds.length} worlds`);
  const page = await shared.open(undefined, { timezoneId: 'UTC' });
  let [read, unknown] = [0, 0];
  for (const { id, now, release, files, environ, answer } of worlds) {
    await page.click('#clear');
    for (const [file, text] of Object.entries(files)) await paste(page, panes[file], text);
    if (environ) await paste(page, 'environ', environ);
    await page.waitForSelector('.verdict');
    await page.selectOption('#release-choice', release);
    await page.evaluate(() => (document.getElementById('as-of').open = true));
    await page.fill('#as-of-time', new Date(now * 1000).toISOString().slice(0, 19));
    await page.waitForSelector('#report[aria-busy=false]');
    if (await page.locator('.verdict.notPasted').count()) await sayNothingElseExists(page);
    // The real program read the text as it is; the page answers for the repaired one first.
    const asPasted = page.locator('[data-key="as pasted"]');
    if (await asPasted.count()) await asPasted.click();

    // Where the real program would ask a network, the page says that it does not know; never more than in a few.
    if (await page.locator('.verdict.notModelled').count()) {
      unknown++;
      continue;
    }
    const stops = Object.fromEntries(
      await page
        .locator('.stop')
        .evaluateAll((all) =>
          all.map((stop) => [stop.querySelector('dt').textContent, stop.querySelector('.stop-name').textContent]),
        ),
    );
    assert.equal(stops.Provider, answer.provider, id);
    // What could be a key is masked in an endpoint too.
    const [head, tail = head] = (stops.Endpoint ?? '').split('…');
    assert.ok(answer.base_url.startsWith(head) && answer.base_url.endsWith(tail), `${id}: ${stops.Endpoint}`);
    if (!stops.Endpoint?.includes('…')) assert.equal(stops.Endpoint ?? '', answer.base_url, id);
    const place = page.locator('.stop').last().locator('.place');
    if (await place.count()) {
      await place.click();
      const selected = await copied(page);
      // A key that is written as the name of a variable stands elsewhere.
      if (selected.includes('${')) continue;
      // The key of Bedrock is a name; its credential is what a variable holds, and the answer says which.
      if (answer.api_key === 'aws-sdk') {
        assert.ok(`${environ}\n${files['.env'] ?? ''}`.includes(`${answer.source}=${selected}`), `${id}: ${selected}`);
        continue;
      }
      // In quotes, a quote in the key has a backslash before it. What is not ASCII Hermes takes out of some keys.
      const written = selected.replaceAll('\\"', '"');
      const forms = [written, written.replaceAll(/[^\x20-\x7e]/g, '')];
      assert.ok(
        forms.some((form) => form.includes(answer.api_key)),
        `${id}: ${selected} does not hold the key`,
      );
      read++;
    }
  }
  assert.ok(read >= 20, `${read} keys`);
  // The bound is the one that `tests/differential.rs` has for recorded answers of older releases.
  assert.ok(unknown <= worlds.length * 0.08, `${unknown} of ${worlds.length} worlds are not known`);
  assert.deepEqual(page.complaints, []);
});
