// Compiled as module and as CommonJS script, strictly, and without `skipLibCheck`. It needs no library but that of the
// language.

import {
  applyFixes,
  applySafeFixes,
  check,
  explainRule,
  markdown,
  redact,
  releases,
  rules,
  sarif,
  split,
} from 'poolcheck';
import type { Encoding, Input, Language, Options, Report, RuleView, SarifLog, Texts } from 'poolcheck';
import type { Log } from 'sarif';

const input: Input = { config: 'model: {provider: gemini}', authStore: null };
const encoding: Encoding = 'codePoints';
const language: Language = 'zh-CN';
const options: Options = { now: 0, encoding, language, severities: { PC203: 'off' } };
const report: Report = check(input, options);
export const columns: number[] = report.findings.map(({ location }) => location.start.column);
export const label: string | undefined = report.verdict.winner?.label;
export const texts: Texts[] = [split('', language).texts, applyFixes(input, ['id']), applySafeFixes(input)];
export const rule: RuleView | undefined = explainRule('PC203') ?? rules()[0];
export const words: string[] = [markdown(input), redact(''), ...releases().map(({ version }) => version)];
const own: SarifLog = sarif(input, options);
export const log: Log = own;

// @ts-expect-error: there is no such encoding.
export const noEncoding: Options = { encoding: 'utf-16-typo' };
// @ts-expect-error: a text is a string.
check({ config: 7 });
// @ts-expect-error: nothing of a report is of the type any.
export const noNumber: number = report.verdict.summary;
