// The verdict: which provider, endpoint and credential Hermes uses, and why the others lose.

import type {
  CredentialView,
  FallbackView,
  Location,
  LoserView,
  NotGivenView,
  PoolEntryView,
  PoolView,
  SiteView,
  VerdictState,
} from '../../pkg/dist/index.js';
import { type Child, h, type IconName, icon } from './dom.ts';
import { duration, t } from './language.ts';
import { inline } from './markdown.ts';
import type { MessageId } from './messages.ts';
import type { Reading } from './reading.ts';
import { countChips } from './severity.ts';
import type { SourceId } from './sources.ts';

export type VerdictActions = {
  goTo: (location: Location) => void;
  paste: (source: SourceId) => void;
  sayAbsent: (source: SourceId) => void;
};

const states: Record<VerdictState, { icon: IconName; title: MessageId }> = {
  resolved: { icon: 'check', title: 'page.state.resolved' },
  noKey: { icon: 'warning', title: 'page.state.no-key' },
  preset: { icon: 'info', title: 'page.state.preset' },
  fails: { icon: 'error', title: 'page.state.fails' },
  notConfigured: { icon: 'info', title: 'page.state.not-configured' },
  notPasted: { icon: 'unknown', title: 'page.state.not-pasted' },
  notModelled: { icon: 'unknown', title: 'page.state.not-modelled' },
};

/** A button that leads to a place in a text; only a name for texts that have no pane. */
export function placeLink(location: Location, goTo: VerdictActions['goTo']): HTMLElement {
  const name = `${location.file}:${location.start.line}:${location.start.column}`;
  if (location.source === 'rootAuthStore') return h('span', { class: 'place' }, name);
  const { source, start } = location;
  return h(
    'button',
    {
      type: 'button',
      class: 'place',
      title: t('page.go-to', { place: name }),
      'data-key': `place ${source} ${start.offset}`,
      onclick: () => goTo(location),
    },
    name,
  );
}

/** The masked key and its letter. Pointing at a letter lights up the same key elsewhere. */
function key(credential: CredentialView): Child {
  if (!credential.key && !credential.keyLetter) return undefined;
  return h(
    'span',
    { class: 'key' },
    !!credential.keyLetter &&
      h(
        'abbr',
        { class: 'letter', 'data-letter': credential.keyLetter, title: t('page.same-letter') },
        credential.keyLetter,
      ),
    h('code', {}, credential.key),
  );
}

function stop(title: MessageId, name: Child, ...details: Child[]): HTMLElement {
  return h(
    'div',
    { class: 'stop' },
    h('dt', {}, t(title)),
    h('dd', {}, h('div', { class: 'stop-name' }, name), h('div', { class: 'stop-details' }, ...details)),
  );
}

function route({ verdict }: Reading, actions: VerdictActions): Child {
  const { provider, requested, endpoint, apiMode, model, winner } = verdict;
  if (!provider && !endpoint && !winner) return undefined;
  return h(
    'dl',
    { class: 'route' },
    !!provider &&
      stop(
        'page.provider',
        provider,
        !!requested && requested !== provider && h('span', {}, t('page.requested', { name: requested })),
        !!model && h('span', {}, t('page.model', { name: model })),
      ),
    !!endpoint && stop('page.endpoint', endpoint, !!apiMode && h('span', {}, apiMode)),
    winner
      ? stop(
          'page.credential',
          h('span', {}, winner.label, ' ', key(winner)),
          h('span', {}, winner.source),
          winner.location && placeLink(winner.location, actions.goTo),
        )
      : stop('page.credential', h('span', { class: 'none' }, t('page.no-credential'))),
  );
}

function loser({ credential, reason, neverUsed }: LoserView, actions: VerdictActions): HTMLElement {
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'loser-line' },
      // Only what is of no use is struck through: the others are spare keys.
      neverUsed ? h('s', {}, credential.label) : h('span', { class: 'label' }, credential.label),
      key(credential),
      credential.source !== credential.label && h('span', { class: 'muted' }, credential.source),
      credential.location && placeLink(credential.location, actions.goTo),
    ),
    h('p', { class: 'reason' }, ...inline(reason)),
  );
}

function status({ credential, note, cooldownLeft }: PoolEntryView): HTMLElement {
  const names = { ok: 'page.status.ok', exhausted: 'page.status.exhausted', dead: 'page.status.dead' } as const;
  return h(
    'td',
    { class: 'pool-status' },
    h('span', { class: `chip status-${credential.status}` }, t(names[credential.status])),
    cooldownLeft !== undefined &&
      h('span', { class: 'cooldown' }, t('page.cooldown', { time: duration(cooldownLeft) })),
    !!note && h('p', { class: 'reason' }, ...inline(note)),
  );
}

function poolTable({ provider, strategy, entries, next }: PoolView, actions: VerdictActions): HTMLElement {
  const row = (entry: PoolEntryView) =>
    h(
      'tr',
      { class: entry.next && 'is-next' },
      h(
        'td',
        { class: 'pool-index' },
        `#${entry.index}`,
        entry.next &&
          h('span', { class: 'arrow', title: t('page.next') }, '←', h('span', { class: 'unseen' }, t('page.next'))),
      ),
      h(
        'th',
        { scope: 'row' },
        h('span', { class: 'label' }, entry.credential.label),
        h(
          'span',
          { class: 'pool-details' },
          h('span', { class: 'muted' }, entry.credential.source),
          entry.credential.location && placeLink(entry.credential.location, actions.goTo),
        ),
      ),
      h('td', {}, key(entry.credential)),
      status(entry),
    );
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'pool-title' },
    h(
      'h3',
      { id: 'pool-title' },
      t('page.pool', { provider }),
      !!strategy && h('span', { class: 'chip', title: t('page.strategy') }, strategy),
    ),
    entries.length
      ? h(
          'table',
          { class: 'pool' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, '#'),
              h('th', { scope: 'col' }, t('page.credential')),
              h('th', { scope: 'col' }, t('page.key')),
              h('th', { scope: 'col' }, t('page.status')),
            ),
          ),
          h('tbody', {}, ...entries.map(row)),
        )
      : h('p', { class: 'muted' }, t('page.pool.empty')),
    !!next && h('p', { class: 'pool-next' }, ...inline(next)),
  );
}

function fallbackChain(chain: FallbackView[], actions: VerdictActions): HTMLElement {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'fallback-title' },
    h('h3', { id: 'fallback-title' }, t('page.fallback')),
    h(
      'ol',
      { class: 'fallback' },
      ...chain.map(({ provider, model, location }) =>
        h(
          'li',
          {},
          h('span', { class: 'label' }, provider),
          h('span', { class: 'muted' }, model),
          location && placeLink(location, actions.goTo),
        ),
      ),
    ),
  );
}

function notGivenList(notGiven: NotGivenView[], actions: VerdictActions): Child {
  const rows = notGiven.flatMap(({ source, file, note }) => {
    if (source === 'rootAuthStore') return [];
    return h(
      'li',
      {},
      h('span', {}, h('strong', { class: 'label' }, file), ' ', ...inline(note)),
      h(
        'button',
        { type: 'button', class: 'quiet', 'data-key': `paste ${source}`, onclick: () => actions.paste(source) },
        t('page.paste'),
      ),
      h(
        'button',
        { type: 'button', class: 'quiet', 'data-key': `absent ${source}`, onclick: () => actions.sayAbsent(source) },
        t('page.say-absent'),
      ),
    );
  });
  return rows.length > 0 && h('ul', { class: 'not-given' }, ...rows);
}

/** Who uses which key: the main model and what sends requests beside it. */
export function siteList(sites: SiteView[], goTo: VerdictActions['goTo']): HTMLElement {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'sites-title' },
    h('h3', { id: 'sites-title' }, t('page.sites')),
    h(
      'dl',
      { class: 'sites' },
      ...sites.map(({ site, endpoint, key, keyLetter, note, location }) =>
        h(
          'div',
          {},
          h('dt', {}, h('code', {}, site), ' ', location && placeLink(location, goTo)),
          !!endpoint && h('dd', {}, h('code', {}, endpoint)),
          h(
            'dd',
            {},
            key && h('code', {}, `${key} [${keyLetter}] `),
            note !== undefined && h('span', { class: 'muted' }, ...inline(note)),
          ),
        ),
      ),
    ),
  );
}

/** The pool and the fallback chain, where there are any. */
export function reserves({ verdict: { pool, fallback } }: Reading, actions: VerdictActions): HTMLElement[] {
  return [...(pool ? [poolTable(pool, actions)] : []), ...(fallback.length ? [fallbackChain(fallback, actions)] : [])];
}

/** How a resolution ends, in a word or two. */
function stateLine(state: VerdictState): HTMLElement {
  return h('p', { class: 'verdict-state' }, icon(states[state].icon), t(states[state].title));
}

/** Credentials that are not used, under a title. */
function losersCard(id: string, title: string, losers: LoserView[], actions: VerdictActions): Child {
  return (
    losers.length > 0 &&
    h(
      'section',
      { class: 'losers', 'aria-labelledby': id },
      h('h3', { id }, title),
      h('ul', {}, ...losers.map((each) => loser(each, actions))),
    )
  );
}

export function verdict(report: Reading, actions: VerdictActions): HTMLElement {
  const { state, summary, error, losers } = report.verdict;
  return h(
    'section',
    { class: `card verdict ${state}`, 'aria-labelledby': 'verdict-title' },
    h('div', { class: 'verdict-head' }, stateLine(state), ...countChips(report.counts)),
    h('h2', { id: 'verdict-title', tabindex: -1 }, ...inline(summary)),
    state === 'fails' &&
      !!error &&
      h(
        'figure',
        { class: 'hermes-error' },
        h('figcaption', {}, t('page.own-words')),
        h('pre', {}, h('code', {}, error)),
      ),
    route(report, actions),
    losersCard(
      'reserves-title',
      t('page.reserves'),
      losers.filter(({ neverUsed }) => !neverUsed),
      actions,
    ),
    losersCard(
      'losers-title',
      t('page.losers'),
      losers.filter(({ neverUsed }) => neverUsed),
      actions,
    ),
    h('p', { class: 'basis' }, ...inline(report.basis)),
    notGivenList(report.notGiven, actions),
  );
}

/** Lights up every badge of the key that is pointed at. */
export function linkLetters(results: HTMLElement): void {
  const light = (letter: string | undefined) => {
    for (const badge of results.querySelectorAll<HTMLElement>('.letter')) {
      badge.classList.toggle('is-lit', letter !== undefined && badge.dataset.letter === letter);
    }
  };
  results.addEventListener('pointerover', (event) => {
    light((event.target as Element).closest<HTMLElement>('.letter')?.dataset.letter);
  });
  results.addEventListener('pointerleave', () => light(undefined));
}
