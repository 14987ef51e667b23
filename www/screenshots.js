// Takes the pictures in docs/: every pasted world of tests/corpus as the page shows it, at the time that the world's
// answers were recorded at. `cargo xtask screenshots` builds the page and runs this.

import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch, paste, serve } from './tests/browser.js';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const corpus = at('../tests/corpus/');
const docs = at('../docs/');
const files = {
  config: 'config.yaml',
  dotenv: 'dotenv',
  authStore: 'auth.json',
  environ: 'environ',
  listing: 'listing',
};

mkdirSync(`${docs}worlds`, { recursive: true });
const site = await serve(at('dist/'));
const browser = await launch();

async function picture(world, path, options = {}, tallest = 1700) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const { now } = JSON.parse(readFileSync(`${corpus}${world}/hermes.json`, 'utf8'));
  await page.clock.setFixedTime(now * 1000);
  await page.goto(site.address);
  for (const [source, file] of Object.entries(files)) {
    const name = `${corpus}${world}/${file}`;
    if (existsSync(name)) await paste(page, source, readFileSync(name, 'utf8'));
  }
  // As high as what is in it, so that nothing has to be scrolled to.
  const hidden = await page.evaluate(() =>
    Math.max(...[editors, results].map((part) => part.scrollHeight - part.clientHeight)),
  );
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width, height: Math.min(height + hidden, tallest) });
  await page.evaluate(() => {
    document.activeElement?.blur();
    for (const part of [editors, ...document.querySelectorAll('.cm-scroller')]) part.scrollTop = 0;
  });
  await page.screenshot({ path, animations: 'disabled' });
  await context.close();
}

for (const world of readdirSync(corpus)) {
  await picture(world, `${docs}worlds/${world}.png`);
}
await picture('forum-indented', `${docs}page.png`, {}, 900);
await picture('forum-indented', `${docs}page-dark-chinese.png`, { locale: 'zh-CN', colorScheme: 'dark' });
await browser.close();
site.close();
