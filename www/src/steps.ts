// Whether rotation is set up, and what to do now.

import type { Location, RotationView, StepView } from '../../pkg/dist/index.js';
import { copyButton } from './clipboard.ts';
import { h, icon } from './dom.ts';
import { t } from './language.ts';
import { inline } from './markdown.ts';
import { placeLink } from './verdict.ts';

export function rotation({ isSetUp, summary, reasons }: RotationView, goTo: (to: Location) => void): HTMLElement {
  return h(
    'section',
    { class: `card rotation ${isSetUp ? 'is-set-up' : 'is-not-set-up'}`, 'aria-labelledby': 'rotation-title' },
    h('h3', { id: 'rotation-title' }, icon(isSetUp ? 'check' : 'warning'), t('page.rotation')),
    h('p', {}, ...inline(summary)),
    reasons.length > 0 &&
      h(
        'ul',
        { class: 'labels' },
        ...reasons.map(({ message, location }) =>
          h('li', {}, h('span', {}, ...inline(message)), location && placeLink(location, goTo)),
        ),
      ),
  );
}

/** The steps; each leads to the problems that it settles. */
export function stepList(steps: StepView[], show: (findings: string[]) => void): HTMLElement {
  const step = ({ what, todo, command, findings }: StepView, at: number) =>
    h(
      'li',
      {},
      !!what && h('strong', {}, ...inline(what)),
      h('p', {}, ...inline(todo)),
      !!command && h('div', { class: 'command' }, h('code', {}, command), copyButton(command, `copy step ${at}`)),
      findings.length > 0 &&
        h(
          'button',
          { type: 'button', class: 'quiet', 'data-key': `step ${at}`, onclick: () => show(findings) },
          t('page.steps.settles', { count: findings.length }),
        ),
    );
  return h(
    'section',
    { class: 'card steps', 'aria-labelledby': 'steps-title' },
    h('h3', { id: 'steps-title' }, t('page.steps')),
    h('ol', {}, ...steps.map(step)),
  );
}
