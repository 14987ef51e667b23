// What a pasted log tells, line by line.

import type { Location, TimelineEntryView, TimelineKind, TimelineView } from '../../pkg/dist/index.js';
import { h } from './dom.ts';
import { t } from './language.ts';
import { inline } from './markdown.ts';
import type { MessageId } from './messages.ts';
import { placeLink } from './verdict.ts';

type Tone = 'error' | 'warning' | 'info' | 'good';

/** How the kind of an event looks and what it is called. */
const kinds: Record<TimelineKind, [Tone, MessageId]> = {
  marked: ['warning', 'page.timeline.marked'],
  rotated: ['good', 'page.timeline.rotated'],
  exhausted: ['error', 'page.timeline.exhausted'],
  dead: ['error', 'page.timeline.dead'],
  refreshed: ['good', 'page.timeline.refreshed'],
  spared: ['info', 'page.timeline.spared'],
  error: ['error', 'page.timeline.error'],
  retry: ['info', 'page.timeline.retry'],
  fallback: ['warning', 'page.timeline.fallback'],
  skipped: ['info', 'page.timeline.skipped'],
  stopped: ['error', 'page.timeline.stopped'],
};

type GoTo = (location: Location) => void;

function entry({ kind, time, what, next, location }: TimelineEntryView, goTo: GoTo): HTMLElement {
  const [tone, name] = kinds[kind];
  return h(
    'li',
    { class: tone },
    h(
      'div',
      { class: 'event-head' },
      h('span', { class: 'event-kind' }, t(name)),
      !!time && h('span', { class: 'event-time' }, time),
      placeLink(location, goTo),
    ),
    h('p', {}, ...inline(what)),
    h('p', { class: 'why' }, ...inline(next)),
  );
}

export function timeline({ entries, leftOut }: TimelineView, goTo: GoTo): HTMLElement {
  return h(
    'section',
    { class: 'card timeline', 'aria-labelledby': 'timeline-title' },
    h('h3', { id: 'timeline-title' }, t('page.timeline')),
    entries.length > 0
      ? h('ol', {}, ...entries.map((each) => entry(each, goTo)))
      : h('p', {}, t('page.timeline.nothing')),
    !!leftOut && h('p', { class: 'why' }, leftOut),
  );
}
