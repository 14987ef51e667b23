// The packed npm package in a Vite project that configures nothing, in the browser.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, serve } from './browser.js';

const folder = mkdtempSync(join(tmpdir(), 'poolcheck-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

test('a Vite project uses the package without configuration', async () => {
  const options = { shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' };
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    ...options,
    cwd: path('../../pkg'),
  });
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', JSON.parse(packed)[0].filename], {
    ...options,
    cwd: folder,
  });
  mkdirSync(join(folder, 'src'));
  writeFileSync(
    join(folder, 'index.html'),
    '<link rel="icon" href="data:,"><p id="out"></p><script type="module" src="/src/main.ts"></script>',
  );
  writeFileSync(
    join(folder, 'src/main.ts'),
    `import { check, type Report } from 'poolcheck';
     const report: Report = check({ config: 'model: {provider: gemini}' });
     document.getElementById('out')!.textContent = report.hermes.version;`,
  );
  execFileSync(process.execPath, [path('../node_modules/vite/bin/vite.js'), 'build', folder], {
    ...options,
    cwd: folder,
  });

  const [site, browser] = [await serve(join(folder, 'dist'), '/'), await launch()];
  try {
    const page = await browser.newPage();
    const complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(site.address);
    await page.waitForFunction(() => document.getElementById('out').textContent !== '');
    assert.equal(await page.innerText('#out'), '0.19.0');
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
    site.close();
  }
});
