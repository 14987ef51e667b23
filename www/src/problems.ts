// The list of problems.

import type { FindingView, Location, RepairedView } from '../../pkg/dist/index.js';
import { copyButton } from './clipboard.ts';
import { h, icon } from './dom.ts';
import { fixName } from './editors.ts';
import { t } from './language.ts';
import { inline } from './markdown.ts';
import { severities, severityTitle } from './severity.ts';
import { placeLink, stateLine } from './verdict.ts';

export type ProblemActions = {
  goTo: (location: Location) => void;
  mend: (findings: FindingView[]) => void;
  mendAll: () => void;
  explain: (code: string) => void;
};

function problem(finding: FindingView, actions: ProblemActions): HTMLElement {
  const { id, code, name, severity, what, why, todo, command, fix, labels, location } = finding;
  return h(
    'li',
    { class: `problem ${severity}`, 'data-finding': id, tabindex: -1 },
    h(
      'div',
      { class: 'problem-head' },
      icon(severity),
      h('h4', {}, ...inline(what)),
      h(
        'div',
        { class: 'problem-where' },
        placeLink(location, actions.goTo),
        h(
          'button',
          {
            type: 'button',
            class: 'quiet code',
            title: t('page.explain', { code }),
            'data-key': `explain ${id}`,
            onclick: () => actions.explain(code),
          },
          `${code} ${name}`,
        ),
      ),
    ),
    h('p', { class: 'why' }, ...inline(why)),
    h('p', { class: 'todo' }, ...inline(todo)),
    labels.length > 0 &&
      h(
        'ul',
        { class: 'labels' },
        ...labels.map((label) =>
          h('li', {}, placeLink(label.location, actions.goTo), h('span', {}, ...inline(label.message))),
        ),
      ),
    !!command && h('div', { class: 'command' }, h('code', {}, command), copyButton(command, `copy ${id}`)),
    !!fix?.preview && preview(fix.preview),
    fix &&
      h(
        'button',
        {
          type: 'button',
          class: fix.safe ? 'fix' : 'fix look-first',
          'data-key': `fix ${id}`,
          onclick: () => actions.mend([finding]),
        },
        icon('wrench'),
        h('span', {}, ...inline(fixName(finding))),
      ),
  );
}

/** What a fix makes of a text: lines that go and come, and those that stay or only move. */
function preview(text: string): HTMLElement {
  const lines = text.split('\n').map((line) => {
    const kind = line.startsWith('- ') ? 'goes' : line.startsWith('+ ') ? 'comes' : undefined;
    return h('span', { class: kind }, `${line}\n`);
  });
  return h(
    'pre',
    { class: 'preview', role: 'group', tabindex: 0, 'aria-label': t('page.preview') },
    h('code', {}, ...lines),
  );
}

function bySeverity(findings: FindingView[], actions: ProblemActions): HTMLElement[] {
  return severities.flatMap((severity) => {
    const group = findings.filter((finding) => finding.severity === severity);
    if (!group.length) return [];
    return [
      h('h3', { class: severity }, severityTitle(severity, group.length)),
      h('ul', { class: 'problem-list' }, ...group.map((finding) => problem(finding, actions))),
    ];
  });
}

/** What would be if what pasting did to the texts were undone. */
export function repaired(
  { note, by, verdict, findings }: RepairedView,
  pasted: FindingView[],
  actions: ProblemActions,
): HTMLElement {
  const repairs = pasted.filter(({ id }) => by.includes(id));
  return h(
    'section',
    { class: 'problems repaired', 'aria-labelledby': 'repaired-title' },
    h(
      'div',
      { class: 'problems-head' },
      h('h2', { id: 'repaired-title' }, t('page.repaired')),
      h(
        'button',
        { type: 'button', class: 'fix', 'data-key': 'repair', onclick: () => actions.mend(repairs) },
        icon('wrench'),
        t('page.repair'),
      ),
    ),
    h('p', { class: 'repaired-note' }, ...inline(note)),
    h('div', { class: `repaired-verdict ${verdict.state}` }, stateLine(verdict.state), h('p', {}, ...inline(verdict.summary))),
    ...(findings.length ? bySeverity(findings, actions) : [h('p', { class: 'no-problems' }, icon('check'), t('page.repaired.none'))]),
  );
}

/** `notes` tell of findings that are counted and not among these. */
export function problems(
  findings: FindingView[],
  notes: (string | undefined)[],
  actions: ProblemActions,
): HTMLElement {
  const groups = bySeverity(findings, actions);
  const safe = findings.filter(({ fix }) => fix?.safe);
  return h(
    'section',
    { class: 'problems', 'aria-labelledby': 'problems-title' },
    h(
      'div',
      { class: 'problems-head' },
      h('h2', { id: 'problems-title', tabindex: -1 }, t('page.problems')),
      safe.length > 1 &&
        h(
          'button',
          { type: 'button', class: 'fix', 'data-key': 'fix all', onclick: actions.mendAll },
          icon('wrench'),
          t('page.fix-all', { count: safe.length }),
        ),
    ),
    ...(groups.length ? groups : [h('p', { class: 'no-problems' }, icon('check'), t('page.no-problems'))]),
    ...notes.map((note) => note !== undefined && h('p', { class: 'silenced' }, ...inline(note))),
  );
}
