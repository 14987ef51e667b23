// Files and texts from outside: dropped or pasted anywhere, or opened with the button. The tests drop files themselves, as a
// browser hands them to a page.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { browserTests, paste, settled, textOf } from './browser.js';

const shared = browserTests();
const folder = mkdtempSync(join(tmpdir(), 'poolcheck-'));
after(() => rmSync(folder, { recursive: true }));

const dotenv = 'GOOGLE_API_KEY=AIza-fake-dropped-one\n';
const config = 'model:\n  provider: gemini\n  default: gemini-3-flash\n';
const utf16 = (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

/** Writes files below the folder and gives their paths; `null` is a folder. */
function write(files) {
  const base = mkdtempSync(join(folder, 'files-'));
  return Object.entries(files).map(([name, content]) => {
    const path = join(base, name);
    mkdirSync(content === null ? path : dirname(path), { recursive: true });
    if (content !== null) writeFileSync(path, content);
    return path;
  });
}

/** Drops files from the disk at the middle of an element, as the browser does when somebody drags them over it. */
async function drop(page, selector, paths) {
  const { x, y, width, height } = await page.locator(selector).first().boundingBox();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  const at = { x: x + width / 2, y: y + Math.min(height / 2, 200), data };
  for (const type of ['dragEnter', 'dragOver', 'drop']) await session.send('Input.dispatchDragEvent', { type, ...at });
  await page.waitForSelector('#notice:not([hidden])');
}

const notice = (page) => page.locator('#notice > div').innerText();
const places = [
  '#anything',
  '#results',
  'header',
  'footer',
  '[data-source=config] .cm-content',
  '#paste-box .pane-head',
];

for (const place of places) {
  test(`files that are dropped on ${place} go where they belong, and the page stays`, async () => {
    const page = await shared.open();
    await paste(page, 'config', 'agent: {}\n');
    await drop(page, place, write({ '.env': dotenv, 'config.yaml': config }));
    await page.waitForSelector('.verdict.resolved');
    assert.equal(page.url(), shared.site.address);
    // In place of what was there, never behind it.
    assert.equal(await textOf(page, 'config'), config);
    assert.equal(await textOf(page, 'dotenv'), dotenv);
    assert.match(await notice(page), /Opened: \.env, config\.yaml/);
    await page.click('#undo');
    assert.equal(await textOf(page, 'config'), 'agent: {}\n');
    await page.waitForSelector('[data-source=dotenv].is-empty');
    assert.deepEqual(page.complaints, []);
  });
}

test('files are told apart by their names, and others by what is in them', async () => {
  const page = await shared.open();
  const names = {
    'auth (1).json': '{"version": 1, "credential_pool": {}}',
    'hermes.service': '[Service]\nEnvironment=A_KEY=fake\n',
    'agent.log.1': '2026-05-28 10:00:00,000 INFO agent: one\n',
    'gateway.log': '2026-05-28 11:00:00,000 INFO gateway: two\n',
    'notes.txt': 'What it prints:\n\ngemini (1 credentials):\n  #1  one                  api_key manual ←\n',
  };
  await drop(page, '#results', write(names));
  await page.waitForSelector('#parts li');
  await settled(page);
  assert.equal(await textOf(page, 'authStore'), names['auth (1).json']);
  assert.equal(await textOf(page, 'environ'), names['hermes.service']);
  assert.equal(await textOf(page, 'log'), `${names['agent.log.1']}\n${names['gateway.log']}`);
  assert.match(await textOf(page, 'listing'), /^gemini \(1 credentials\):/);
});

test('of two files of a kind the one is taken whose name is the plain one', async () => {
  const page = await shared.open();
  await drop(page, 'header', write({ 'config.yaml.bak': 'agent: {}\n', 'config.yaml': config }));
  assert.equal(await textOf(page, 'config'), config);
  assert.match(await notice(page), /config\.yaml\.bak is not used/);
});

test('a folder of Hermes: its files are taken, and those that are not in it do not exist', async () => {
  const page = await shared.open();
  const [path] = write({
    'home/.hermes/config.yaml': config,
    'home/.hermes/logs/agent.log': '2026-05-28 10:00:00,000 INFO agent: one\n',
    'home/.hermes/skills/config.yaml': 'other: {}\n',
    'home/.hermes/state.db': Buffer.from([0, 1, 2, 3]),
  });
  await drop(page, '#results', [dirname(dirname(path))]);
  await page.waitForSelector('.verdict');
  assert.equal(await textOf(page, 'config'), config);
  assert.match(await textOf(page, 'log'), /agent: one/);
  for (const source of ['dotenv', 'authStore']) {
    assert.match(await page.locator(`[data-source=${source}] .pane-state`).innerText(), /does not exist/);
  }
  const [empty] = write({ nothing: null });
  await drop(page, '#results', [empty]);
  assert.match(await notice(page), /no file of Hermes/);
});

test('what is no text is told, and what PowerShell writes is read', async () => {
  const page = await shared.open();
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0xff, 0xd8]);
  await drop(page, '#anything', write({ 'screen.png': png }));
  assert.match(await notice(page), /screen\.png is not a text file/);
  assert.equal(await page.locator('#undo').count(), 0);
  await drop(page, '#anything', write({ 'config.yaml': utf16(config.replaceAll('\n', '\r\n')) }));
  assert.match(await notice(page), /decoded from UTF-16/);
  assert.equal(await textOf(page, 'config'), config);
});

test('a file above the limit is told by its size', async () => {
  const page = await shared.open();
  await drop(page, '#anything', write({ 'auth.json': Buffer.alloc(3 << 20, ' ') }));
  assert.match(await notice(page), /auth\.json is longer than 320 KiB/);
  assert.ok(await page.isHidden('#alarm'));
});

test('of a log above the limit the end is read', async () => {
  const page = await shared.open();
  const line = `2026-04-23 02:01:12,345 INFO agent: 键 one, and words so that there are few lines: ${'word '.repeat(20)}\n`;
  const log = `${line.repeat((3 << 20) / line.length)}2026-04-23 02:01:13,345 INFO agent: last\n`;
  await drop(page, '#anything', write({ 'agent.log': log }));
  assert.match(await notice(page), /agent\.log is long: its last 256 KiB were read/);
  await settled(page);
  const text = await textOf(page, 'log');
  assert.ok(text.startsWith('2026-04-23') && text.endsWith('agent: last\n'), text.slice(0, 80));
  assert.ok(await page.isHidden('#alarm'));
});

/** Pastes at what has the focus. */
async function pasteThere(page, text, image) {
  await page.evaluate(
    ([text, image]) => {
      const clipboardData = new DataTransfer();
      if (text) clipboardData.setData('text/plain', text);
      if (image)
        clipboardData.items.add(new File([new Uint8Array([0x89, 0x50, 0xff, 0])], image, { type: 'image/png' }));
      document.activeElement.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    },
    [text, image],
  );
}

test('a text that is pasted while nothing has the focus goes into the box for anything', async () => {
  const page = await shared.open();
  await page.evaluate(() => document.activeElement.blur());
  await pasteThere(page, `My config:\n\n${config}`);
  await page.waitForSelector('.verdict');
  assert.equal(await textOf(page, 'config'), config.trimEnd());
});

test('a picture that is pasted is told', async () => {
  const page = await shared.open();
  await page.locator('#anything').focus();
  await pasteThere(page, undefined, 'image.png');
  await page.waitForSelector('#notice:not([hidden])');
  assert.match(await notice(page), /image\.png is not a text file/);
});

test('files are opened with the keyboard', async () => {
  const page = await shared.open();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.press('#open', 'Enter')]);
  assert.ok(chooser.isMultiple());
  await chooser.setFiles(write({ '.env': dotenv, 'config.yaml': config }));
  await page.waitForSelector('.verdict.resolved');
  assert.equal(await textOf(page, 'dotenv'), dotenv);
});

test('leaving warns as long as there is a text', async () => {
  const page = await shared.open();
  let asked = 0;
  page.on('dialog', (dialog) => {
    if (dialog.type() === 'beforeunload') asked++;
    void dialog.accept();
  });
  // Browsers ask only where somebody did something on the page.
  await page.click('h1');
  await page.reload();
  assert.equal(asked, 0);
  await page.click('h1');
  await paste(page, 'config', config);
  await page.reload();
  assert.equal(asked, 1);
  await page.click('h1');
  await page.fill('#anything', 'words');
  await page.click('#clear');
  await page.reload();
  assert.equal(asked, 1);
});
