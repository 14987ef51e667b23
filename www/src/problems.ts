// The list of problems.

import type { FindingView, Location } from '../../pkg/dist/index.js';
import type { Bounded, Counts } from './bounded.ts';
import { copyButton } from './clipboard.ts';
import { h, icon } from './dom.ts';
import { fixName } from './editors.ts';
import { t } from './language.ts';
import { inline } from './markdown.ts';
import type { Reading } from './reading.ts';
import { severities, severityTitle } from './severity.ts';
import { placeLink } from './verdict.ts';

/** How many problems are drawn at once. */
const drawnAtOnce = 40;

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

/** A list for each severity. Many problems are drawn some at a time: `counts` says how many there are. */
function bySeverity(findings: FindingView[], actions: ProblemActions, counts?: Counts): HTMLElement[] {
  return severities.flatMap((severity) => {
    const group = findings.filter((finding) => finding.severity === severity);
    if (!group.length) return [];
    const count = counts?.[severity] ?? group.length;
    const list = h('ul', { class: 'problem-list' });
    const more = h('button', { type: 'button', class: 'quiet more' });
    const untold = h('p', { class: 'silenced' }, t('page.problems.untold', { count: count - group.length }));
    const add = () => {
      const from = list.childElementCount;
      list.append(...group.slice(from, from + drawnAtOnce).map((finding) => problem(finding, actions)));
      more.hidden = list.childElementCount === group.length;
      untold.hidden = !more.hidden || count <= group.length;
      more.textContent = t('page.more', { count: group.length - list.childElementCount });
      if (from) (list.children[from] as HTMLElement).focus();
    };
    more.addEventListener('click', add);
    add();
    return [h('h3', { class: severity }, severityTitle(severity, count)), list, more, untold];
  });
}

/** What pasting did to the texts, which the answer leaves out of account. */
export function damage({ findings, repaired }: Bounded, actions: ProblemActions): HTMLElement {
  return h(
    'section',
    { class: 'problems damage', 'aria-labelledby': 'damage-title' },
    h('h2', { id: 'damage-title', tabindex: -1 }, t('page.damage')),
    ...bySeverity(
      findings.filter(({ id }) => repaired?.by.includes(id)),
      actions,
    ),
  );
}

/** Says that the answer is for the texts as they were before they were pasted, and leads to what was pasted. */
export function repairBanner(
  { findings, repaired }: Bounded,
  isAsPasted: boolean,
  actions: ProblemActions,
  readAsPasted: (asPasted: boolean) => void,
): HTMLElement {
  const repairs = findings.filter(({ id }) => repaired?.by.includes(id));
  const button = (name: string, words: string, onclick: () => void) =>
    h('button', { type: 'button', 'data-key': name, onclick }, words);
  return h(
    'section',
    { class: 'card repair-banner', 'aria-labelledby': 'repair-title' },
    h(
      'h2',
      { id: 'repair-title' },
      icon('wrench'),
      isAsPasted ? t('page.repair.as-pasted') : (repaired?.summary ?? ''),
    ),
    h('p', {}, isAsPasted ? t('page.repair.as-pasted.how') : (repaired?.note ?? '')),
    h(
      'div',
      { class: 'repair-actions' },
      !isAsPasted &&
        button('view repair', t('page.repair.view'), () => {
          document.getElementById('damage-title')?.scrollIntoView();
          document.getElementById('damage-title')?.focus({ preventScroll: true });
        }),
      button('repair', t('page.repair'), () => actions.mend(repairs)),
      button('as pasted', isAsPasted ? t('page.repair.redo') : t('page.repair.undo'), () => readAsPasted(!isAsPasted)),
    ),
  );
}

/** `notes` tell of findings that are counted and not among these. */
export function problems(
  { findings, counts, safe }: Reading,
  notes: (string | undefined)[],
  actions: ProblemActions,
): HTMLElement {
  const groups = bySeverity(findings, actions, counts);
  return h(
    'section',
    { class: 'problems', 'aria-labelledby': 'problems-title' },
    h(
      'div',
      { class: 'problems-head' },
      h('h2', { id: 'problems-title', tabindex: -1 }, t('page.problems')),
      safe > 1 &&
        h(
          'button',
          { type: 'button', class: 'fix', 'data-key': 'fix all', onclick: actions.mendAll },
          icon('wrench'),
          t('page.fix-all', { count: safe }),
        ),
    ),
    ...(groups.length ? groups : [h('p', { class: 'no-problems' }, icon('check'), t('page.no-problems'))]),
    ...notes.map((note) => note !== undefined && h('p', { class: 'silenced' }, ...inline(note))),
  );
}
