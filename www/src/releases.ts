// The release of Hermes that the report speaks of, and what others do otherwise.

import type { ReleaseChange, ReleaseView } from '../../pkg/dist/index.js';
import { byId, h } from './dom.ts';
import { t } from './language.ts';
import { inline } from './markdown.ts';

const picker = () => byId<HTMLSelectElement>('release-choice');

/** The release that was chosen; `undefined` leaves it to what is pasted. It is remembered nowhere. */
export function chosenRelease(): string | undefined {
  return picker().value || undefined;
}

export function chooseNoRelease(): void {
  picker().value = '';
}

/** Fills the picker; what was chosen stays so. */
export function drawReleases(releases: ReleaseView[]): void {
  const chosen = picker().value;
  picker().replaceChildren(
    h('option', { value: '' }, t('page.release.not-chosen')),
    ...releases.map(({ version }) => h('option', { value: version }, t('page.release', { version }))),
  );
  picker().value = chosen;
}

/** A section that is worked out when it is opened: `changes` is what it shows, `undefined` as long as that is not known. */
export function otherReleases(
  isOpen: boolean,
  changes: ReleaseChange[] | 'too-long' | undefined,
  onToggle: (isOpen: boolean) => void,
): HTMLElement {
  const content = () => {
    if (changes === undefined) return h('p', {}, t('page.releases.wait'));
    if (changes === 'too-long') return h('p', {}, t('page.releases.too-long'));
    if (!changes.length) return h('p', {}, t('page.releases.none'));
    return h('ul', {}, ...changes.map(({ message }) => h('li', {}, ...inline(message))));
  };
  return h(
    'details',
    {
      class: 'card other-releases',
      open: isOpen,
      'aria-busy': isOpen && changes === undefined ? 'true' : 'false',
      ontoggle: ({ target }) => onToggle((target as HTMLDetailsElement).open),
    },
    h('summary', { 'data-key': 'other-releases' }, t('page.releases')),
    content(),
  );
}
