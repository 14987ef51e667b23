// The Content-Security-Policy binds the page and the worker: neither reaches any server, and nothing is stored.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browserTests, paste, serve } from './browser.js';

const shared = browserTests();
const folder = mkdtempSync(join(tmpdir(), 'poolcheck-'));
let elsewhere;
before(async () => {
  writeFileSync(join(folder, 'index.html'), '<p>a page without a policy');
  elsewhere = await serve(folder, '/');
});
after(() => {
  elsewhere.close();
  rmSync(folder, { recursive: true });
});

/** Runs in the page and in the worker: every way out, and what became of it. */
async function wayOut(address) {
  const outcome = {};
  const settle = async (name, promise) => {
    const late = new Promise((resolve) => setTimeout(resolve, 3000, 'no answer'));
    outcome[name] = await Promise.race([
      promise.then(
        () => 'open',
        () => 'refused',
      ),
      late,
    ]);
  };
  const xhr = (method) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.onload = resolve;
      request.onerror = reject;
      request.open(method, `${address}xhr`);
      request.send(method === 'POST' ? 'x' : undefined);
    });
  const opened = (make) =>
    new Promise((resolve, reject) => {
      const source = make();
      source.onopen = resolve;
      source.onerror = reject;
    });
  await settle('fetch', fetch(`${address}fetch`, { mode: 'no-cors' }));
  await settle('POST', fetch(`${address}post`, { method: 'POST', body: 'x', mode: 'no-cors' }));
  await settle('XMLHttpRequest', xhr('GET'));
  await settle('XMLHttpRequest POST', xhr('POST'));
  await settle(
    'WebSocket',
    opened(() => new WebSocket(`${address.replace('http', 'ws')}ws`)),
  );
  await settle(
    'EventSource',
    opened(() => new EventSource(`${address}events`)),
  );
  await settle('import', import(`${address}module.js`));
  if (typeof importScripts === 'function') {
    await settle('importScripts', (async () => importScripts(`${address}script.js`))());
  } else {
    const load = (name, attributes) =>
      new Promise((resolve, reject) => {
        document.body.append(
          Object.assign(document.createElement(name), { onload: resolve, onerror: reject }, attributes),
        );
      });
    navigator.sendBeacon(`${address}beacon`, 'x');
    await settle('image', load('img', { src: `${address}image.png` }));
    await settle('script', load('script', { src: `${address}script.js` }));
    await settle('style sheet', load('link', { rel: 'stylesheet', href: `${address}style.css` }));
  }
  return outcome;
}

const inBoth = ['fetch', 'POST', 'XMLHttpRequest', 'XMLHttpRequest POST', 'WebSocket', 'EventSource', 'import'];
const refused = (names) => Object.fromEntries(names.map((name) => [name, 'refused']));

test('the page reaches no server, its own neither', async () => {
  const page = await shared.open('corrected-setup');
  assert.deepEqual(
    await page.evaluate(wayOut, elsewhere.address),
    refused([...inBoth, 'image', 'script', 'style sheet']),
  );
  assert.deepEqual(elsewhere.asked, []);
  const loaded = shared.site.asked.length;
  assert.deepEqual(
    await page.evaluate(wayOut, shared.site.address),
    refused([...inBoth, 'image', 'script', 'style sheet']),
  );
  assert.deepEqual(shared.site.asked.slice(loaded), []);
  // No policy that browsers know is about WebRTC; the page has taken it away.
  assert.equal(await page.evaluate(() => typeof RTCPeerConnection), 'undefined');
});

test('the worker reaches no server', async () => {
  const page = await shared.open('corrected-setup');
  const [worker] = page.workers();
  assert.match(worker.url(), /^blob:/);
  assert.deepEqual(await worker.evaluate(wayOut, elsewhere.address), refused([...inBoth, 'importScripts']));
  assert.deepEqual(elsewhere.asked, []);
  const loaded = shared.site.asked.length;
  assert.deepEqual(await worker.evaluate(wayOut, shared.site.address), refused([...inBoth, 'importScripts']));
  assert.deepEqual(shared.site.asked.slice(loaded), []);
});

test('no script runs but the one that the policy names', async () => {
  const page = await shared.open();
  const ran = await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }));
    return window.ran === true;
  });
  assert.equal(ran, false);
});

test('the probe does reach a server where no policy forbids it', async () => {
  const page = await shared.browser.newPage();
  await page.goto(elsewhere.address);
  const outcome = await page.evaluate(wayOut, elsewhere.address);
  assert.equal(outcome.fetch, 'open');
  assert.equal(outcome['XMLHttpRequest POST'], 'open');
  assert.ok(elsewhere.asked.includes('/beacon'));
});

test('only the page itself is loaded, and nothing that is pasted is stored', async () => {
  const page = await shared.open();
  const key = 'sk-fake-never-to-be-stored';
  await paste(page, 'config', `model: {provider: deepseek, api_key: ${key}}\n`);
  await paste(page, 'dotenv', `DEEPSEEK_API_KEY=${key}\n`);
  await page.click('#language');
  await page.click('#theme');
  await page.waitForSelector('#report[aria-busy=false]');
  const own = page.requests.filter((url) => !/^(blob|data):/.test(url));
  assert.deepEqual(
    own.filter((url) => !url.startsWith(shared.site.address)),
    [],
  );
  assert.equal(own.length, 1, own.join(' '));
  const stored = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    cookies: document.cookie,
    databases: await indexedDB.databases(),
    address: location.href,
  }));
  assert.deepEqual(stored, {
    local: { 'poolcheck.language': 'zh-CN', 'poolcheck.theme': 'dark' },
    session: {},
    cookies: '',
    databases: [],
    address: shared.site.address,
  });
  assert.ok(!(await page.innerHTML('#results')).includes(key));
  assert.deepEqual(page.complaints, []);
});
