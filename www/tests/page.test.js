// The page as somebody uses it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserTests, paste, sayNothingElseExists, settled, textOf } from './browser.js';

const shared = browserTests();
const doubled = 'model:\n  provider: gemini\n# 😀\nmodel:\n  default: gemini-3-flash\n';

/** What is selected in the editor that has the focus, and in which pane it is. */
const selection = (page) =>
  page.evaluate(() => ({
    source: document.activeElement.closest('[data-source]')?.dataset.source,
    text: getSelection().toString(),
  }));

test('it opens empty, with the forum case first in the gallery', async () => {
  const page = await shared.open();
  assert.deepEqual(await page.locator('.pane-state').allInnerTexts(), Array(9).fill('not given'));
  assert.equal(await page.locator('.welcome [data-example]').first().getAttribute('data-example'), 'forum-indented');
  assert.equal(await page.locator('.verdict').count(), 0);
  assert.deepEqual(page.complaints, []);
});

test('a finding is underlined at its place, marked in the margin and listed', async () => {
  const page = await shared.open();
  await paste(page, 'config', doubled);
  await page.waitForSelector('.problem');
  assert.deepEqual(await page.locator('[data-source=config] .cm-lintRange-error').allInnerTexts(), ['model']);
  assert.equal(await page.locator('[data-source=config] .cm-line').first().locator('.cm-lintRange-error').count(), 1);
  assert.equal(await page.locator('[data-source=config] .cm-lint-marker-error').count(), 1);
  assert.match(await page.locator('.problem.error h4').innerText(), /^model is written twice/);
  await page.locator('.problem.error .problem-head .place').click();
  assert.deepEqual(await selection(page), { source: 'config', text: 'model' });
  await page.hover('.cm-lintRange-error');
  assert.match(await page.locator('.cm-tooltip .cm-diagnostic').innerText(), /written twice/);
});

// The listing was pasted a moment before it is asked about: what its arrow shows still holds.
test('a refused row of a listing that was just pasted hides nothing', async () => {
  const page = await shared.open();
  const row = (number, label, rest) => `  #${number}  ${label.padEnd(20)} api_key manual${rest}\n`;
  const refused = row(1, 'one', ' auth failed (401) (re-auth may be required)');
  await paste(page, 'listing', `gemini (3 credentials):\n${refused}${row(2, 'two', ' ←')}${row(3, 'three', '')}`);
  await page.locator('.sites, #pool-title').first().waitFor();
  assert.match(await page.innerText('#verdict-title'), /Hermes uses two/);
});

test('who uses which key is listed, with places, and fits a narrow screen', async () => {
  const page = await shared.open(undefined, { viewport: { width: 400, height: 900 } });
  const tasks = 'auxiliary:\n  vision: {provider: zai}\n  compression: {provider: deepseek, model: deepseek-chat}\n';
  await paste(page, 'config', `model: {provider: gemini, default: gemini-3-flash}\n${tasks}`);
  await paste(page, 'dotenv', 'GOOGLE_API_KEY=AIza-fake-000000000001\nGLM_API_KEY=fake-glm-0000000001\n');
  const sites = page.locator('.sites > div');
  await sites.nth(2).waitFor();
  assert.match(
    await sites.nth(1).innerText(),
    /^auxiliary\.vision config\.yaml:3:22\n.*bigmodel.*\n.*from GLM_API_KEY/,
  );
  // Its key may be in what was not pasted.
  assert.match(await sites.nth(2).innerText(), /^auxiliary\.compression config\.yaml:4:27\nno key in the pasted files/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400);
  await sites.nth(1).locator('.place').click();
  assert.deepEqual(await selection(page), { source: 'config', text: 'zai' });
});

test('what is shown belongs to the last text', async () => {
  const page = await shared.open();
  const editor = page.locator('[data-source=config] .cm-content');
  for (let count = 0; count < 20; count++) await editor.fill(doubled);
  await editor.fill('model:\n  provider: gemini\n');
  await settled(page);
  assert.equal(await page.locator('.problem.error').count(), 0);
  assert.equal(await page.locator('.cm-lintRange-error').count(), 0);
});

test('texts as long as they may be are checked while the page stays alive', async () => {
  const page = await shared.open();
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ entryTypes: ['longtask'] });
  });
  const lines = Array.from({ length: 18_000 }, (_, at) => `  k${at}: ${at}`);
  await paste(page, 'config', `model:\n  provider: gemini\nx:\n${lines.join('\n')}\n`);
  await page.waitForSelector('.verdict');
  // Checking such a text takes longer; it is not done on the page's own thread.
  const longest = await page.evaluate(() => window.longest);
  assert.ok(longest < 1000, `the page stood still for ${longest} ms`);
  assert.ok(await page.isHidden('#alarm'));
});

test('it says whether rotation is set up, and what to do in one list that leads to the problems', async () => {
  const page = await shared.open('forum-indented');
  assert.match(await page.locator('.rotation').innerText(), /no key for gemini/);
  const steps = page.locator('.steps li');
  assert.match(await steps.first().innerText(), /hermes auth add gemini --type api-key --label gemini-3/);
  assert.equal(await steps.last().locator('code').last().innerText(), 'hermes auth list gemini');
  await steps.first().locator('button.quiet').last().click();
  assert.equal(await page.locator('.problem.is-current').count(), 5);
  assert.match(await page.locator('.problem:focus').innerText(), /PC301/);

  await page.click('#clear');
  await paste(page, 'dotenv', 'GOOGLE_API_KEY=AIza-fake-one-0000\n');
  await paste(page, 'config', 'model: {provider: gemini, default: g}\n');
  await settled(page);
  assert.match(await page.locator('.rotation').innerText(), /no other key takes over/);
  assert.equal(await page.locator('.steps').count(), 0);
});

test('a rule explains itself', async () => {
  const page = await shared.open();
  await paste(page, 'config', doubled);
  await page.click('.problem .code');
  assert.match(await page.locator('#rule[open]').innerText(), /^PC107 duplicate-key/);
  assert.ok(await page.locator('#rule p').count());
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#rule[open]').count(), 0);
});

test('a text can be said not to exist, and that taken back', async () => {
  const page = await shared.open();
  await paste(page, 'config', 'model:\n  provider: gemini\n');
  const notes = () => page.locator('.not-given .label').allInnerTexts();
  assert.ok((await notes()).includes('.env'));
  await page.click('[data-key="absent dotenv"]');
  await settled(page);
  assert.ok(!(await notes()).includes('.env'));
  assert.match(await page.locator('[data-source=dotenv] .pane-state').innerText(), /does not exist/);
  await page.click('[data-source=dotenv] .pane-state button');
  await settled(page);
  assert.ok((await notes()).includes('.env'));
});

test('a text that changes nothing in the report counts as given', async () => {
  const page = await shared.open();
  await paste(page, 'config', 'model:\n  provider: gemini\n');
  await page.waitForSelector('.verdict');
  await paste(page, 'listing', 'gemini (1 credentials):\n  #1  one                  api_key manual\n');
  assert.equal(await page.locator('[data-source=listing] .pane-state').innerText(), 'given');
});

test('a listing counts from when it was pasted, or from when it is said to be printed', async () => {
  const page = await shared.open(undefined, { timezoneId: 'UTC', viewport: { width: 400, height: 900 } });
  const config = 'model:\n  provider: gemini\n  default: g\n';
  const listing = `gemini (2 credentials):
  #1  one                  api_key manual rate-limited (429) (41m 2s left)
  #2  two                  api_key manual ←
`;
  const summary = () => page.innerText('.verdict');
  const field = page.getByLabel('Printed at, for the times left in it');
  await page.clock.setFixedTime('2026-05-28T20:00:00Z');
  await paste(page, 'config', config);
  assert.ok(await field.isHidden());
  await paste(page, 'listing', listing);
  await page.waitForSelector('.cooldown');
  assert.match(await summary(), /Hermes uses two/);
  assert.equal(await field.inputValue(), '2026-05-28T20:00');
  assert.match(await page.innerText('.cooldown'), /^42 min/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400);

  // Half an hour later less is left, whatever is typed into the listing meanwhile.
  await page.clock.setFixedTime('2026-05-28T20:30:00Z');
  await page.locator('[data-source=listing] .cm-content').focus();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('\n');
  await settled(page);
  await page.waitForFunction(() => document.querySelector('.cooldown')?.textContent.startsWith('12 min'));

  // It was printed the day before: the key is back.
  await field.fill('2026-05-27T20:00:00');
  await settled(page);
  await page.waitForFunction(() => document.querySelector('.verdict')?.textContent.includes('uses one'));
  assert.equal(await page.locator('.cooldown').count(), 0);
  // Another listing is of now, and so is one of which nothing else is known.
  await paste(page, 'listing', listing.replace('41m', '31m'));
  await page.waitForFunction(() => document.querySelector('.cooldown')?.textContent.startsWith('32 min'));
  assert.equal(await field.inputValue(), '2026-05-28T20:30');
  await field.fill('2026-05-28T20:20:00');
  await page.waitForFunction(() => document.querySelector('.cooldown')?.textContent.startsWith('22 min'));
  await page.locator('[data-source=listing] .pane-time button').click();
  await page.waitForFunction(() => document.querySelector('.cooldown')?.textContent.startsWith('32 min'));

  // What is undone comes back with its time.
  await field.fill('2026-05-28T20:20:00');
  await settled(page);
  await page.click('#clear');
  assert.ok(await field.isHidden());
  await page.click('#undo');
  await page.waitForFunction(() => document.querySelector('.cooldown')?.textContent.startsWith('22 min'));
  assert.equal(await field.inputValue(), '2026-05-28T20:20');
  await page.click('#language');
  await page.getByLabel('打印时间').waitFor();
});

test('everything can be cleared', async () => {
  const page = await shared.open('one-key-cooldown');
  assert.match(await page.locator('#as-of-summary').innerText(), /2026/);
  await page.click('#clear');
  await page.waitForSelector('.welcome');
  for (const source of [
    'config',
    'dotenv',
    'authStore',
    'jobs',
    'environ',
    'listing',
    'log',
    'commands',
    'debugReport',
  ]) {
    assert.equal(await page.locator(`[data-source=${source}].is-empty`).count(), 1, source);
  }
  assert.equal(await page.locator('#as-of-summary').innerText(), 'As of now');
});

/** Types or pastes into the box for anything, and waits for what is found. */
async function post(page, text) {
  await page.fill('#anything', text);
  await page.waitForSelector('#parts li');
}

const thread =
  'It fails:\n\nmodel:\nprovider: gemini\n\n.env\nGEMINI_API_KEY_1=a\n\nWhy?\n\nmodel:\nprovider: deepseek\n';

test('a post is split into its parts, which fill the panes', async () => {
  const page = await shared.open();
  await paste(page, 'config', 'agent: {}');
  await paste(page, 'listing', 'gemini (0 credentials):');
  await post(page, thread);
  await settled(page);
  // Of two versions the last one counts.
  assert.equal(await textOf(page, 'config'), 'model:\nprovider: deepseek');
  assert.equal(await textOf(page, 'dotenv'), 'GEMINI_API_KEY_1=a');
  assert.equal(await textOf(page, 'listing'), 'gemini (0 credentials):');
  assert.deepEqual(await page.locator('#parts > ol .place').allInnerTexts(), [
    '.env, line 7',
    'config.yaml, lines 11–12',
  ]);
  await page.click('#parts [data-fold=unused] summary');
  await page.waitForSelector('#parts [data-fold=unused] li');
  const unused = await page.locator('#parts [data-fold=unused] li').allInnerTexts();
  assert.equal(unused.length, 1);
  assert.match(unused[0], /config.yaml, lines 3–4[^]*not used/);
  await page.locator('#parts .place').first().click();
  // The line with the cursor shows its key.
  await page.waitForFunction(() => getSelection().toString() === 'GEMINI_API_KEY_1=a');
  await page.waitForSelector('.problem');

  // It is taken back as a whole.
  await page.click('#take-back');
  await settled(page);
  assert.equal(await textOf(page, 'config'), 'agent: {}');
  assert.equal(await page.locator('[data-source=dotenv].is-empty').count(), 1);
  assert.equal(await page.locator('#anything .cm-placeholder').count(), 1);
  assert.equal(await page.locator('#parts li').count(), 0);
  assert.deepEqual(page.complaints, []);
});

test('the kind of a part can be corrected with the keyboard', async () => {
  const page = await shared.open();
  await post(page, thread);
  await page.click('#parts [data-fold=unused] summary');
  await page.waitForSelector('#parts [data-fold=unused] li');
  const choose = async (part, kind) => {
    await page.locator(`#parts button.kind[data-part="${part}"]`).focus();
    await page.keyboard.press('Enter');
    const choice = page.locator(`#parts select[data-part="${part}"]`);
    assert.ok(await choice.evaluate((element) => element === document.activeElement));
    await choice.selectOption(kind);
    await choice.waitFor({ state: 'detached' });
  };
  await choose(5, 'log');
  await page.waitForSelector('[data-source=log]:not(.is-empty)');
  assert.equal(await textOf(page, 'log'), 'model:\nprovider: deepseek');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.part), '5');
  await choose(5, '');
  await choose(1, '');
  await page.waitForSelector('[data-source=config].is-empty');
  await page.click('#language');
  await page.waitForFunction(() => /\p{Script=Han}/u.test(document.querySelector('#parts').textContent));
});

test('another part of the same kind is taken with one button', async () => {
  const page = await shared.open();
  await post(page, thread);
  await page.click('#parts [data-fold=unused] summary');
  await page.waitForSelector('#parts [data-fold=unused] li');
  await page.locator('#parts .take').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('[data-source=config]').textContent.includes('gemini'));
  assert.equal(await textOf(page, 'config'), 'model:\nprovider: gemini');
});

test('a text in which nothing is found can be said to be something', async () => {
  const page = await shared.open(undefined, { viewport: { width: 360, height: 700 } });
  await post(page, 'my words');
  assert.match(await page.locator('#parts').innerText(), /You can say what it is/);
  await page.locator('#parts button.kind').click();
  await page.locator('#parts select').selectOption('log');
  await page.waitForSelector('[data-source=log]:not(.is-empty)');
  assert.equal(await textOf(page, 'log'), 'my words');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  assert.equal(wide, false);
});

test('the report is copied as Markdown', async () => {
  const page = await shared.open('corrected-setup', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.click('#copy-report');
  await page.waitForSelector('#copy-report[data-said]');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^#+ poolcheck/);
  assert.ok(!copied.includes('AIza-fake-aistudio'));
});

test('the language follows the browser, then the switch', async () => {
  const page = await shared.open('corrected-setup', { locale: 'zh-CN' });
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  assert.equal(await page.innerText('#clear'), '全部清空');
  assert.match(await page.innerText('.basis'), /\p{Script=Han}/u);
  await page.click('#language');
  await settled(page);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  assert.equal(await page.innerText('#clear'), 'Clear everything');
  assert.doesNotMatch(await page.innerText('main'), /\p{Script=Han}/u);
  await page.reload();
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
});

test('the theme follows the system, then the switch', async () => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const page = await shared.open(undefined, { colorScheme: 'dark' });
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  assert.notEqual(light, dark);
  await page.click('#theme');
  assert.equal(await ground(), dark);
  await page.reload();
  assert.equal(await ground(), dark);
});

test('Tab passes through the editors; F8 goes from problem to problem', async () => {
  const page = await shared.open();
  await paste(page, 'config', `${doubled}agent:\n  max_turns: 1\n  max_turns: 2\n`);
  await page.locator('[data-source=config] .cm-content').focus();
  for (const source of ['dotenv', 'authStore', 'jobs', 'environ', 'listing', 'log', 'commands']) {
    await page.keyboard.press('Tab');
    assert.equal((await selection(page)).source, source);
  }
  const visit = async (key) => {
    await page.keyboard.press(key);
    return (await selection(page)).text;
  };
  assert.deepEqual([await visit('F8'), await visit('F8'), await visit('F8')], ['model', 'max_turns', 'model']);
  assert.equal(await visit('Shift+F8'), 'max_turns');
  assert.match(await page.locator('.problem.is-current h4').innerText(), /max_turns/);
});

test('the verdict is said aloud', async () => {
  const page = await shared.open();
  await paste(page, 'config', doubled);
  const summary = await page.innerText('.verdict h2');
  await page.waitForFunction((text) => document.getElementById('status').textContent.includes(text), summary);
  assert.match(await page.innerText('#status'), /Errors: 1/);
});

test('a core that does not answer is replaced, and the page says so', async () => {
  const page = await shared.open('corrected-setup');
  const [worker] = page.workers();
  const busy = worker.evaluate(() => {
    const end = Date.now() + 12_000;
    while (Date.now() < end);
  });
  busy.catch(() => {});
  await page.locator('[data-source=config] .cm-content').fill(doubled);
  await page.waitForSelector('#alarm:not([hidden])', { timeout: 15_000 });
  assert.match(await page.innerText('#alarm'), /more than five seconds/);
  await paste(page, 'config', `${doubled}\n`);
  await page.waitForSelector('.problem.error');
  assert.ok(await page.isHidden('#alarm'));
});

for (const width of [320, 390, 768, 1024]) {
  test(`nothing is wider than a window of ${width} pixels`, async () => {
    for (const example of [undefined, 'forum-indented', 'forum-flattened', 'corrected-setup', 'one-key-cooldown']) {
      const page = await shared.open(example, { viewport: { width, height: 800 } });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, example);
      // Nor is a card wider than the column that it stands in, where it would be cut off.
      const cut = await page.evaluate(
        () =>
          [...document.querySelectorAll('.problem')].filter(
            (card) => card.getBoundingClientRect().right > card.closest('section').getBoundingClientRect().right + 1,
          ).length,
      );
      assert.equal(cut, 0, example);
      await page.context().close();
    }
  });
}

test('on a narrow screen the verdict is in sight from the texts', async () => {
  const page = await shared.open('forum-flattened', { viewport: { width: 390, height: 700 } });
  await page.waitForSelector('#peek:not([hidden])');
  assert.equal(await page.innerText('.peek-summary'), await page.innerText('.verdict h2'));
  await page.click('#peek');
  await page.waitForSelector('#peek', { state: 'hidden' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'verdict-title');
});

test('it works from a saved folder', async () => {
  const page = await shared.browser.newPage();
  await page.goto(new URL('../dist/index.html', import.meta.url).href);
  await page.click('.welcome [data-example=forum-flattened]');
  await page.waitForSelector('.verdict');
  await settled(page);
});

test('an example is opened as it stands in the corpus', async () => {
  const page = await shared.open('stale-pool-row');
  assert.match(await textOf(page, 'config'), /provider: xiaomi/);
  assert.ok(!(await page.innerHTML('#results')).includes('sk-fake-xiaomi'));
  assert.deepEqual(page.complaints, []);
});

test('a release can be chosen with the keyboard, and nothing is remembered of it', async () => {
  const page = await shared.open();
  await paste(page, 'config', 'model:\n  provider: gemini\n');
  await page.waitForSelector('.verdict');
  const release = () => page.innerText('#release');
  assert.match(await release(), /^Hermes 0\.19\.0, tested against the real program; no release was named$/);
  const picker = page.locator('#release-choice');
  assert.ok((await picker.locator('option').count()) > 7);
  await picker.focus();
  await page.keyboard.type('Hermes 0.18.2');
  await settled(page);
  await page.waitForFunction(() => document.getElementById('release').textContent.startsWith('Hermes 0.18.2'));
  assert.match(await page.innerText('#verdict-title'), /No credential for gemini is in the files that you pasted/);
  await sayNothingElseExists(page);
  assert.match(await page.innerText('#verdict-title'), /no-key-required/);
  await page.click('#language');
  await page.waitForFunction(() => document.getElementById('release').textContent.includes('按指定的版本'));
  assert.equal(await picker.inputValue(), '0.18.2');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['poolcheck.language']);
  await page.click('#clear');
  assert.equal(await picker.inputValue(), '');
  assert.deepEqual(page.complaints, []);
});

test('a release that is named in what is pasted is taken', async () => {
  const page = await shared.open();
  await paste(page, 'config', '# Hermes Agent v0.16.0 (2026.4.1)\nmodel:\n  provider: gemini\n');
  await page.waitForSelector('.verdict');
  assert.match(await page.innerText('#release'), /^Hermes 0\.16\.0, .*; named in config\.yaml line 1$/);
});

test('what other releases do otherwise is shown when it is asked for, and follows the text', async () => {
  const page = await shared.open();
  await paste(page, 'config', 'model:\n  provider: gemini\n');
  await page.waitForSelector('.verdict');
  await sayNothingElseExists(page);
  await page.locator('.other-releases summary').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.other-releases li');
  assert.match(await page.innerText('.other-releases li'), /^From 0\.19\.0 on: Hermes stops.* Before: /);
  assert.ok(await page.evaluate(() => document.activeElement.matches('.other-releases summary')));
  await paste(page, 'config', 'model:\n  provider: custom\n  base_url: http://localhost:8080/v1\n');
  await page.waitForFunction(() =>
    document.querySelector('.other-releases')?.textContent.includes('No release does anything'),
  );
  assert.deepEqual(page.complaints, []);
});
