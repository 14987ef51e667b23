// Severities in words and pictures.

import type { FindingView, SeverityName } from '../../pkg/dist/index.js';
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
export function countsBySeverity(findings: FindingView[]): { severity: SeverityName; count: number; words: string }[] {
  return severities
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map((each) => ({ ...each, words: severityTitle(each.severity, each.count) }));
}

/** A chip for each severity that occurs. */
export function countChips(findings: FindingView[]): HTMLElement[] {
  return countsBySeverity(findings).map(({ severity, count, words }) =>
    h(
      'span',
      { class: `chip ${severity}`, title: words },
      icon(severity),
      h('span', { 'aria-hidden': 'true' }, String(count)),
      h('span', { class: 'unseen' }, words),
    ),
  );
}
