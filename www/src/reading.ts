// Which reading of the texts is shown: where pasting damaged them, the one after repair, as the core gives it.

import type { FindingView, RotationView, StepView, VerdictView } from '../../pkg/dist/index.js';
import type { Bounded, Counts } from './bounded.ts';

export type Reading = {
  verdict: VerdictView;
  rotation: RotationView | undefined;
  steps: StepView[];
  findings: FindingView[];
  counts: Counts;
  /** How many of the findings have a safe fix. */
  safe: number;
  /** What the repair restores. */
  restored: string | undefined;
  basis: string;
  notGiven: Bounded['notGiven'];
};

export function readingOf(report: Bounded, isAsPasted: boolean): Reading {
  const { repaired, basis, notGiven } = report;
  if (!repaired || isAsPasted) {
    const { verdict, rotation, steps, findings, counts, safe } = report;
    return { verdict, rotation, steps, findings, counts, safe, restored: undefined, basis, notGiven };
  }
  const { verdict, rotation, steps, summary } = repaired;
  const findings = [...report.findings.filter(({ id }) => !repaired.by.includes(id)), ...repaired.findings];
  // Those after repair make the repair as well, which somebody has to look at.
  return {
    verdict,
    rotation,
    steps,
    findings,
    counts: report.countsRepaired,
    safe: 0,
    restored: summary,
    basis,
    notGiven,
  };
}
