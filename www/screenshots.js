// Takes the picture that README.md shows, docs/page.png: a pasted world of tests/corpus as the page shows it, at the time
// that the world's answers were recorded at. `cargo xtask screenshots` builds the page and runs this.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch, paste, serve } from './tests/browser.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const world = (file) => readFileSync(at(`../tests/corpus/forum-indented/${file}`), 'utf8');

const site = await serve(at('dist/'));
const browser = await launch();
const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
await page.clock.setFixedTime(JSON.parse(world('hermes.json')).now * 1000);
await page.goto(site.address);
await paste(page, 'config', world('config.yaml'));
await paste(page, 'dotenv', world('dotenv'));
await page.evaluate(() => {
  document.activeElement?.blur();
  for (const part of document.querySelectorAll('#editors, .cm-scroller')) part.scrollTop = 0;
});
await page.screenshot({ path: at('../docs/page.png'), animations: 'disabled' });
await browser.close();
site.close();
