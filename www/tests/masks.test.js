// Keys in the editors are hidden but on the line that has the focus.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserTests, paste, textOf } from './browser.js';

const shared = browserTests();
const [one, two] = ['AIza-fake-hidden-one-00', 'AIza-fake-hidden-two-00'];
const dotenv = `# mine\nGOOGLE_API_KEY=${one}\nGEMINI_API_KEY=${two}\n`;

const shown = (page) => page.locator('#editors').innerText();
const hidden = (page) => page.locator('.hidden-key').count();

async function withKeys() {
  const page = await shared.open(undefined, { permissions: ['clipboard-read', 'clipboard-write'] });
  await paste(page, 'dotenv', dotenv);
  await page.waitForSelector('.hidden-key');
  return page;
}

test('a key that is pasted is never shown', async () => {
  const page = await shared.open();
  // Every state of the page, from the paste to the masks, is looked at.
  await page.evaluate(
    (keys) => {
      window.seen = [];
      const look = () => {
        for (const line of document.querySelectorAll('.cm-line')) {
          const clear = [...line.querySelectorAll('.unread')].reduce(
            (text, each) => text.replace(each.textContent, ''),
            line.textContent,
          );
          for (const key of keys) if (clear.includes(key)) window.seen.push(clear);
        }
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    },
    [one, two],
  );
  await paste(page, 'dotenv', dotenv);
  await page.waitForFunction(() => document.querySelectorAll('.hidden-key').length === 2);
  assert.deepEqual(await page.evaluate(() => window.seen), []);
  const text = await page.evaluate(() => document.documentElement.outerHTML);
  assert.ok(!text.includes(one) && !text.includes(two));
});

test('keys of a text that is shown in part are hidden as well', async () => {
  const page = await shared.open();
  await page.evaluate((key) => {
    window.seen = [];
    new MutationObserver(() => {
      for (const line of document.querySelectorAll('.cm-line')) {
        if (line.textContent.includes(key) && !line.querySelector('.unread')) window.seen.push(line.textContent);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, one);
  await paste(page, 'dotenv', `# mine\n${`A_KEY=${one}\n#\n#\n`.repeat(9_000)}`);
  await page.waitForSelector('[data-source=dotenv] .hidden-key', { timeout: 60_000 });
  await page.locator('[data-source=dotenv] .part-bar').getByText('Later').click();
  await page.waitForSelector('[data-source=dotenv] .hidden-key');
  assert.deepEqual(await page.evaluate(() => window.seen), []);
});

test('the keyboard reveals a key: the line with the cursor, and no other', async () => {
  const page = await withKeys();
  await page.locator('[data-source=dotenv] .cm-content').focus();
  await page.keyboard.press('ControlOrMeta+Home');
  assert.equal(await hidden(page), 2);
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.querySelectorAll('.hidden-key').length === 1);
  assert.ok((await shown(page)).includes(one) && !(await shown(page)).includes(two));
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction((key) => document.querySelector('#editors').innerText.includes(key), two);
  assert.ok(!(await shown(page)).includes(one));
  // All of it selected is not all of it shown.
  await page.keyboard.press('ControlOrMeta+a');
  assert.ok(!(await shown(page)).includes(one));
  await page.locator('#open').focus();
  await page.waitForFunction(() => document.querySelectorAll('.hidden-key').length === 2);
});

test('a screen reader hears that a key is masked, and not the key', async () => {
  const page = await withKeys();
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const said = nodes.filter(({ ignored }) => !ignored).map(({ name }) => name?.value ?? '');
  assert.equal(said.filter((name) => name === 'masked key').length, 2);
  assert.ok(!said.some((name) => name.includes(one)));
});

test('copying gives the text, and a button gives it with the keys masked', async () => {
  const page = await withKeys();
  assert.equal(await textOf(page, 'dotenv'), dotenv);
  const button = page.locator('[data-source=dotenv] .copy-masked');
  assert.equal(await button.getAttribute('aria-label'), 'Copy .env with keys masked');
  await button.focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('.copy-masked[data-said]');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^# mine\nGOOGLE_API_KEY=.*\nGEMINI_API_KEY=.*\n$/);
  assert.ok(!copied.includes(one) && !copied.includes(two));
});

test('keys are hidden in every editor, whatever comes before them', async () => {
  const page = await shared.open();
  const texts = {
    config: `# 名 😀\nmodel: {provider: deepseek, api_key: ${one}}\n\n`,
    authStore: `{"credential_pool": {"gemini": [{"access_token": "${one}"}]}}\n\n`,
    environ: `GOOGLE_API_KEY=${one}\n\n`,
    log: `2026-05-28 10:00:00,000 INFO agent: key ${one}\n\n`,
    commands: `hermes config set GOOGLE_API_KEY ${one}\n\n`,
  };
  for (const [source, text] of Object.entries(texts)) {
    await paste(page, source, text);
    await page.waitForSelector(`[data-source=${source}] .hidden-key`);
    assert.ok(!(await page.innerHTML(`[data-source=${source}]`)).includes(one), source);
    assert.equal(await textOf(page, source), text);
  }
  await page.fill('#anything', `It fails:\n\nGOOGLE_API_KEY=${one}\n\nWhy?`);
  await page.waitForSelector('#anything .hidden-key');
  assert.ok(!(await page.innerHTML('#paste-box')).includes(one));
});
