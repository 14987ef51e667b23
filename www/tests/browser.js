// What the browser tests share: the built page on a server of its own, and Chromium.

import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves a folder below a path, as somebody's file server might, and remembers what was asked for. */
export async function serve(folder, below = '/some/folder/') {
  const asked = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    asked.push(pathname);
    const path = join(folder, pathname.replace(below, '').replace(/^$|\/$/, '/index.html'));
    if (!pathname.startsWith(below) || !existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404, { 'access-control-allow-origin': '*' }).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}${below}`, asked, close: () => server.close() };
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}

/**
 * For the tests of a file: `open(example?, options?)` gives the page, with that example of the gallery opened in it.
 * `page.complaints` holds what it wrote to the console or threw, `page.requests` what it asked for.
 */
export function browserTests() {
  const shared = {};
  before(async () => {
    shared.site = await serve(fileURLToPath(new URL('../dist/', import.meta.url)));
    shared.browser = await launch();
  });
  after(async () => {
    await shared.browser?.close();
    shared.site?.close();
  });

  shared.open = async (example, options = {}) => {
    const context = await shared.browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1400, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    page.complaints = [];
    page.requests = [];
    page.on('console', (message) => page.complaints.push(message.text()));
    page.on('pageerror', (error) => page.complaints.push(String(error)));
    page.on('request', (request) => page.requests.push(request.url()));
    await page.goto(shared.site.address);
    if (example) {
      await page.click(`.welcome [data-example=${example}]`);
      await page.waitForSelector('.verdict');
      await settled(page);
    }
    return page;
  };
  return shared;
}

/** Waits until what is shown is the answer to what is written. */
export async function settled(page) {
  await page.waitForSelector('#report[aria-busy=false]');
}

/** Says of each text that was not pasted that it does not exist. */
export async function sayNothingElseExists(page) {
  for (const source of ['config', 'dotenv', 'authStore', 'environ']) {
    const button = page.locator(`[data-key="absent ${source}"]`);
    if (!(await button.count())) continue;
    await button.click();
    await settled(page);
  }
}

/** What copying gives where the focus is: keys that are shown as dots are in it. */
export function copied(page) {
  return page.evaluate(() => {
    const clipboardData = new DataTransfer();
    const copy = new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(copy);
    return clipboardData.getData('text/plain');
  });
}

/** The text of a pane, as it is copied from its editor: what is shown has no keys. The focus stays where it is. */
export async function textOf(page, source) {
  const focused = await page.evaluateHandle(() => document.activeElement);
  await page.locator(`[data-source=${source}] .cm-content`).focus();
  await page.keyboard.press('ControlOrMeta+a');
  const text = await copied(page);
  await focused.evaluate((element) => element.focus());
  return text;
}

/** The text of what is marked in a pane, where the key that it is may be shown. */
export async function markedText(page, source, mark) {
  const place = page.locator(`[data-source=${source}] ${mark}`).first();
  await place.click();
  return page.locator(`[data-source=${source}] ${mark}`).allInnerTexts();
}

/** Pastes a text into a pane, in place of what is there. */
export async function paste(page, source, text) {
  const editor = page.locator(`[data-source=${source}] .cm-content`);
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await settled(page);
}
