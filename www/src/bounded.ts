// What the worker does around the core: long answers are cut before they go to the page, which would stand still while it
// took them over and drew them. What is left out is counted.

import * as poolcheck from '../../pkg/dist/index.js';
import type {
  Correction,
  FindingView,
  Input,
  Language,
  LoserView,
  Options,
  PartView,
  PoolEntryView,
  Report,
  SeverityName,
  SourceKind,
  Texts,
  VerdictView,
} from '../../pkg/dist/index.js';

/** How many findings of a severity, rows of a pool and the like are handed over. */
const most = 200;
/** How many rows of a list of parts are handed over at once. */
export const page = 50;

export type Counts = Record<SeverityName, number>;
/** A report whose lists are cut, and how long they were. */
export type Bounded = Report & {
  /** The findings of the report, and of each text. */
  counts: Counts;
  countsOf: Partial<Record<SourceKind, Counts>>;
  /** The findings after repair. */
  countsRepaired: Counts;
  /** The findings that have a safe fix. */
  safe: number;
};

function countOf(findings: FindingView[]): Counts {
  const counts: Counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** The first ones of each severity, with few of the other places that each names. */
function cut(findings: FindingView[]): FindingView[] {
  const taken: Counts = { error: 0, warning: 0, info: 0 };
  return findings
    .filter(({ severity }) => ++taken[severity] <= most)
    .map((finding) => (finding.labels.length > 20 ? { ...finding, labels: finding.labels.slice(0, 20) } : finding));
}

function cutVerdict(verdict: VerdictView): VerdictView {
  const { losers, pool, fallback } = verdict;
  return {
    ...verdict,
    losers: losers.slice(0, most) as LoserView[],
    fallback: fallback.slice(0, most),
    ...(pool && { pool: { ...pool, entries: pool.entries.slice(0, most) as PoolEntryView[] } }),
  };
}

function cutSteps(steps: Report['steps']): Report['steps'] {
  return steps.slice(0, most).map((step) => ({ ...step, findings: step.findings.slice(0, most) }));
}

/** The report of the core with its lists cut. */
function report(input: Input, options?: Options): Bounded {
  const whole = poolcheck.check(input, options);
  const bySource = new Map<SourceKind, FindingView[]>();
  for (const finding of whole.findings) {
    const { source } = finding.location;
    const own = bySource.get(source);
    if (own) own.push(finding);
    else bySource.set(source, [finding]);
  }
  const { repaired } = whole;
  const by = new Set(repaired?.by);
  return {
    ...whole,
    verdict: cutVerdict(whole.verdict),
    findings: cut(whole.findings),
    steps: cutSteps(whole.steps),
    ...(repaired && {
      repaired: {
        ...repaired,
        by: repaired.by.slice(0, most),
        verdict: cutVerdict(repaired.verdict),
        findings: cut(repaired.findings),
        steps: cutSteps(repaired.steps),
      },
    }),
    counts: countOf(whole.findings),
    countsOf: Object.fromEntries([...bySource].map(([source, findings]) => [source, countOf(findings)])),
    countsRepaired: countOf([...whole.findings.filter(({ id }) => !by.has(id)), ...(repaired?.findings ?? [])]),
    safe: whole.findings.filter(({ fix }) => fix?.safe).length,
  };
}

/** A part with its number in the text. */
export type Row = PartView & { number: number };
/** Parts that are shown together: those of a kind that are used, those that are not, and other text. */
export type Group = { id: string; count: number; rows: Row[] };
export type Found = { groups: Group[]; names: string[]; texts: Texts };

let groups = new Map<string, Row[]>();

function group({ kind, used }: PartView): string {
  if (!kind) return 'other';
  return used ? kind : 'unused';
}

/** The parts of a text; of each group of them the first ones. */
function parts(text: string, language?: Language, corrections?: Correction[]): Found {
  const pasted = poolcheck.split(text, language, corrections);
  groups = new Map();
  for (const [number, part] of pasted.parts.entries()) {
    const id = group(part);
    const rows = groups.get(id);
    const row = { ...part, number };
    if (rows) rows.push(row);
    else groups.set(id, [row]);
  }
  const names = pasted.parts.filter(({ used }) => used).map(({ name }) => name);
  return {
    groups: [...groups].map(([id, rows]) => ({ id, count: rows.length, rows: rows.slice(0, page) })),
    names: names.length > 8 ? [...names.slice(0, 8), '…'] : names,
    texts: pasted.texts,
  };
}

/** Further rows of a group of the text that was split last. */
function rows(id: string, from: number): Row[] {
  return groups.get(id)?.slice(from, from + page) ?? [];
}

/** Where keys stand in a text: start and end of each, one after the other. */
function keys(text: string): Uint32Array {
  return Uint32Array.from(poolcheck.keySpans(text).flatMap(({ start, end }) => [start, end]));
}

/** What is in a file, as text. PowerShell writes UTF-16; what is no text is `undefined`. */
export type ReadFile = { text: string | undefined; isUtf16: boolean };

function read(bytes: ArrayBuffer): ReadFile {
  const head = new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 1024));
  const nulls = (odd: number) => head.filter((byte, at) => byte === 0 && at % 2 === odd).length;
  const begins = (...mark: number[]) => mark.every((byte, at) => head[at] === byte);
  const isMostlyNull = (odd: number) => nulls(odd) > head.length / 4 && nulls(1 - odd) === 0;
  const encoding =
    begins(0xff, 0xfe) || isMostlyNull(1) ? 'utf-16le' : begins(0xfe, 0xff) || isMostlyNull(0) ? 'utf-16be' : 'utf-8';
  try {
    // The mark at the start of a UTF-8 file is something that Hermes sees too.
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: encoding === 'utf-8' });
    const text = decoder.decode(bytes);
    // A log may have a stray NUL; a picture or an archive has many.
    const isText = text.slice(0, 4096).split('\0').length < 4;
    return { text: isText ? text : undefined, isUtf16: encoding !== 'utf-8' };
  } catch {
    return { text: undefined, isUtf16: false };
  }
}

export const own = { report, parts, rows, keys, read };
