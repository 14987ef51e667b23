// Everybody can use the page: names for what can be operated, landmarks, contrast.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserTests } from './browser.js';

const shared = browserTests();
const operable = new Set(['button', 'textbox', 'link', 'checkbox', 'combobox', 'DisclosureTriangle', 'DateTime']);

test('whatever can be operated has a name, and the parts of the page are landmarks', async () => {
  for (const locale of ['en-GB', 'zh-CN']) {
    const page = await shared.open('forum-indented', { locale });
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const shown = nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => ({ role: role?.value, name: name?.value }));
    const named = shown.filter(({ role }) => operable.has(role));
    assert.ok(named.length > 10);
    assert.deepEqual(
      named.filter(({ name }) => !name?.trim()),
      [],
    );
    const roles = shown.map(({ role }) => role);
    for (const role of ['banner', 'main', 'contentinfo', 'status']) assert.ok(roles.includes(role), role);
    assert.equal(shown.filter(({ role }) => role === 'textbox').length, 10);
    await page.context().close();
  }
});

test('headings go down one level at a time', async () => {
  const page = await shared.open('corrected-setup');
  const levels = await page
    .locator('h1, h2, h3, h4')
    .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
  assert.equal(levels[0], 1);
  for (const [at, level] of levels.entries()) assert.ok(at === 0 || level <= levels[at - 1] + 1, `${levels}`);
});

test('what has the focus can be seen', async () => {
  const page = await shared.open('corrected-setup');
  await page.locator('.skip').focus();
  for (let count = 0; ; count++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement === document.body)) {
      assert.ok(count > 10);
      break;
    }
    const isMarked = await page.evaluate(() => {
      const element = document.activeElement;
      const pane = element.matches('.cm-content') && element.closest('.pane');
      return pane ? getComputedStyle(pane).boxShadow !== 'none' : getComputedStyle(element).outlineStyle !== 'none';
    });
    assert.ok(isMarked, await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200)));
  }
});

/** Runs in the page: the texts whose contrast is below that of WCAG AA. */
function faintTexts() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (above, below) => above.slice(0, 3).map((part, at) => part * above[3] + below[at] * (1 - above[3]));
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const colour = rgba(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour.slice(0, 3) : over(colour, ground(element.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) =>
      part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (
      !walker.currentNode.data.trim() ||
      !element.checkVisibility({ visibilityProperty: true }) ||
      element.closest(':disabled')
    )
      continue;
    const below = ground(element);
    const [a, b] = [light(over(rgba(style.color), below)), light(below)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5))
      faint.push(`${ratio.toFixed(2)} ${element.className} ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return faint;
}

for (const colorScheme of ['light', 'dark']) {
  test(`texts have the contrast of WCAG AA in the ${colorScheme} colours`, async () => {
    for (const example of [undefined, 'forum-indented', 'corrected-setup', 'stale-pool-row', 'one-key-cooldown']) {
      const page = await shared.open(example, { colorScheme });
      assert.deepEqual(await page.evaluate(faintTexts), [], example);
      await page.fill('#anything', 'words\n\nA_KEY=1\n');
      await page.waitForSelector('#parts li');
      assert.deepEqual(await page.evaluate(faintTexts), [], `${example} with parts`);
      await page.context().close();
    }
  });
}

test('the probe for contrast finds a faint text', async () => {
  const page = await shared.browser.newPage();
  await page.setContent('<p style="color: #999; background: #fff">faint</p><p style="color: #000">clear</p>');
  assert.equal((await page.evaluate(faintTexts)).length, 1);
});
