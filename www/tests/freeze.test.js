// The page stays alive, however much is pasted. Each task of the page's own thread is measured by the time that it has the
// processor for: on a busy machine the clock on the wall tells of others' work.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserTests, settled } from './browser.js';

const shared = browserTests();
const longest = 200;
const limit = 320 << 10;

/** A post as people write it: sentences, a config, a listing, commands, and an answer that quotes all of it. */
const post = `It fails again:

model:
  provider: gemini
credential_pool_strategies:
  gemini: fill_first

.env
GEMINI_API_KEY_1=AIza-fake-thread-one

and it prints

gemini (2 credentials):
  #1  GOOGLE_API_KEY       api_key env:GOOGLE_API_KEY ←
  #2  aistudio-2           api_key manual

I tried

hermes auth add gemini --type api-key --label two

Somebody said:

> hermes auth list gemini
> and then look at what it prints

`.repeat(12);

const filled = (line) => line.repeat(Math.floor(limit / line.length));

const inputs = {
  'a thread twenty times over': ['#anything', post.repeat(20)],
  'a thread fifty times over': ['#anything', post.repeat(50)],
  'parts without end': ['#anything', 'A_KEY=1\n\nhello\n\n'.repeat(20_000)],
  'one line as long as the limit': ['#anything', filled('x')],
  'keys up to the limit': ['[data-source=dotenv] .cm-content', filled('A_KEY=sk-fake-0000000000000\n')],
  'line ends up to the limit': ['[data-source=log] .cm-content', filled('\n')],
  'problems without end': ['[data-source=dotenv] .cm-content', 'A_KEY=1\n\nhello\n\n'.repeat(10_000)],
  'a config as long as an editor takes it': [
    '[data-source=config] .cm-content',
    `a:\n${'  b: some words in it\n'.repeat(14_500)}`,
  ],
};

/** Has `act` done while the tasks of the page are measured, and gives the longest, in milliseconds of the processor. */
async function longestTask(page, act) {
  const { browser } = shared;
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threads = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents.filter(
    ({ name, pid, tid, tdur }) => name.endsWith('RunTask') && threads.includes(`${pid} ${tid}`) && tdur !== undefined,
  );
  assert.ok(tasks.length > 10, 'tasks were measured');
  return Math.max(...tasks.map(({ tdur }) => tdur)) / 1000;
}

async function pasteInto(page, selector, text) {
  const clipboard = await page.evaluateHandle((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    return clipboardData;
  }, text);
  return () =>
    page.locator(selector).evaluate((element, clipboardData) => {
      element.focus();
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, clipboard);
}

const answered = '.verdict, #parts > *, #alarm:not([hidden])';

for (const [name, [selector, text]] of Object.entries(inputs)) {
  test(`no task takes long: ${name}`, async () => {
    const page = await shared.open();
    const act = await pasteInto(page, selector, text);
    const most = await longestTask(page, async () => {
      await act();
      await page.waitForSelector(answered, { timeout: 90_000 });
      await page.waitForTimeout(1000);
    });
    assert.ok(most < longest, `a task took ${Math.round(most)} ms`);
    // What is drawn does not grow with what is pasted.
    const drawn = await page.evaluate(() => document.querySelectorAll('*').length);
    assert.ok(drawn < 3000, `${drawn} elements`);
    await page.context().close();
  });
}

test('no task takes long from an empty tab to the first answer', async () => {
  const context = await shared.browser.newContext({ locale: 'en-GB', viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  const most = await longestTask(page, async () => {
    await page.goto(shared.site.address);
    await page.click('.welcome [data-example=forum-indented]');
    await page.waitForSelector('.verdict');
    await settled(page);
  });
  assert.ok(most < longest, `a task took ${Math.round(most)} ms`);
  await context.close();
});

test('the measure finds a task that is long', async () => {
  const page = await shared.open();
  const most = await longestTask(page, () =>
    page.evaluate(() => {
      const end = performance.now() + 3000;
      while (performance.now() < end);
    }),
  );
  assert.ok(most > longest, `${most} ms`);
});

test('parts are drawn when they are looked at, some at a time', async () => {
  const page = await shared.open();
  await page.fill('#anything', post.repeat(5));
  await page.waitForSelector('#parts li');
  const fold = page.locator('#parts [data-fold=other]');
  assert.equal(await fold.locator('li').count(), 0);
  await fold.locator('summary').click();
  await fold.locator('li').first().waitFor();
  assert.equal(await fold.locator('li').count(), 50);
  assert.equal(await fold.locator('select').count(), 0);
  await fold.locator('> button').click();
  await page.waitForFunction(() => document.querySelectorAll('#parts [data-fold=other] li').length === 100);
  assert.ok(await page.evaluate(() => document.activeElement.closest('li').value > 0));
});

test('a long text is shown in part, turned to its places, and can be removed', async () => {
  const page = await shared.open();
  const text = `${'agent: {}\n'.padStart(11, '#')}${'# filled up\n'.repeat(25_000)}model:\n  provider: gemini\nmodel:\n  default: g\n`;
  await (await pasteInto(page, '[data-source=config] .cm-content', text))();
  await page.waitForSelector('.problem', { timeout: 60_000 });
  const bar = page.locator('[data-source=config] .part-bar');
  assert.match(await bar.innerText(), /shown in part, from line 1\./);
  await page.locator('.problem .problem-head .place').first().click();
  assert.equal(await page.evaluate(() => getSelection().toString()), 'model');
  const line = Number(/from line ([\d,.]+)\./.exec(await bar.innerText())[1]);
  // The number in the margin is that of the whole text: `model` is written twice, on lines 25002 and 25004.
  assert.ok(line > 24_000 && line < 25_002, String(line));
  await page.locator('[data-source=config] .cm-lineNumbers').getByText('25002', { exact: true }).waitFor();
  await page.locator('[data-source=config] .cm-lintRange-error').getByText('model').first().waitFor();
  await bar.getByText('Remove').click();
  await page.waitForSelector('.welcome');
  await page.keyboard.type('a');
  assert.equal(await page.locator('[data-source=config] .cm-line').innerText(), 'a');
});

test('above the limit the page says so', async () => {
  const page = await shared.open();
  await (await pasteInto(page, '[data-source=config] .cm-content', `${filled('a: 1\n')}and more\n`))();
  await page.waitForSelector('#alarm:not([hidden])', { timeout: 60_000 });
  assert.match(await page.innerText('#alarm'), /longer than 320 KiB in all/);
  await page.click('#clear');
  await settled(page);
  assert.ok(await page.isHidden('#alarm'));
});
