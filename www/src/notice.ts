// What the page just did to the texts, with a way to take it back.

import { byId, h } from './dom.ts';
import { t } from './language.ts';

/** Says what was done; `undo` takes it back. */
export function notice(lines: string[], undo?: () => void): void {
  const place = byId('notice');
  place.hidden = false;
  const takeBack = () => {
    noNotice();
    undo?.();
  };
  place.replaceChildren(
    h('div', {}, ...lines.map((line) => h('p', {}, line))),
    ...(undo ? [h('button', { type: 'button', id: 'undo', onclick: takeBack }, t('page.undo'))] : []),
    h('button', { type: 'button', class: 'quiet', onclick: noNotice }, t('page.close')),
  );
}

export function noNotice(): void {
  const place = byId('notice');
  place.hidden = true;
  place.replaceChildren();
}
