// Copying to the clipboard.

import { h, icon } from './dom.ts';
import { announce } from './announce.ts';
import { t } from './language.ts';

/** Copies, also where a page without HTTPS has no clipboard interface. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h('textarea', { class: 'unseen', 'aria-hidden': 'true' });
    area.value = text;
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    return done;
  }
}

/** Copies, and says on the button and aloud how it went. */
export async function copyFrom(button: HTMLElement, text: string): Promise<void> {
  const done = await copy(text);
  const words = done ? t('page.copied') : t('page.not-copied');
  announce(words);
  button.dataset.said = words;
  button.addEventListener('blur', () => delete button.dataset.said, { once: true });
  button.addEventListener('pointerleave', () => delete button.dataset.said, { once: true });
}

export function copyButton(text: string, key: string): HTMLElement {
  const button: HTMLElement = h(
    'button',
    {
      type: 'button',
      class: 'quiet icon-button',
      'aria-label': t('page.copy-command'),
      title: t('page.copy-command'),
      'data-key': key,
      onclick: () => void copyFrom(button, text),
    },
    icon('copy'),
  );
  return button;
}
