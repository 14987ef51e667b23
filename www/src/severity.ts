// Severities in words and pictures.

import type { SeverityName } from '../../pkg/dist/index.js';
import type { Counts } from './bounded.ts';
import { h, icon } from './dom.ts';
import { t } from './language.ts';

export const severities: readonly SeverityName[] = ['error', 'warning', 'info'];

export function severityTitle(severity: SeverityName, count: number): string {
  switch (severity) {
    case 'error':
      return t('page.errors', { count });
    case 'warning':
      return t('page.warnings', { count });
    case 'info':
      return t('page.infos', { count });
  }
}

/** The severities that occur, the worst first, each with its count in words. */
export function countsBySeverity(counts: Counts): { severity: SeverityName; count: number; words: string }[] {
  return severities
    .map((severity) => ({ severity, count: counts[severity] }))
    .filter(({ count }) => count > 0)
    .map((each) => ({ ...each, words: severityTitle(each.severity, each.count) }));
}

/** A chip for each severity that occurs. */
export function countChips(counts: Counts): HTMLElement[] {
  return countsBySeverity(counts).map(({ severity, count, words }) =>
    h(
      'span',
      { class: `chip ${severity}`, title: words },
      icon(severity),
      h('span', { 'aria-hidden': 'true' }, String(count)),
      h('span', { class: 'unseen' }, words),
    ),
  );
}
