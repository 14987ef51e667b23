// Saying something to screen readers and, where it is a fault of the page, to everybody.

import { byId } from './dom.ts';

let timer = 0;

/** Says a sentence aloud; of several in quick succession the last. */
export function announce(words: string): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    byId('status').textContent = words;
  }, 400);
}

/** Shows a fault of the page above the results; an empty text takes it away. */
export function alarm(words: string): void {
  const element = byId('alarm');
  if (element.textContent !== words) element.textContent = words;
  element.hidden = !words;
}
