// The page: texts go to the core, its report is shown. What Hermes does is decided in the core alone.

import type { FindingView, Input, Location, Options, ReleaseChange, Texts } from '../../pkg/dist/index.js';
import { alarm, announce } from './announce.ts';
import type { Bounded } from './bounded.ts';
import { copyFrom } from './clipboard.ts';
import { Core, Hung } from './core.ts';
import { byId, h, icon } from './dom.ts';
import { withLineFeeds } from './editor.ts';
import { allFindings, makePanes } from './editors.ts';
import { type Example, exampleList } from './examples.ts';
import { isTooLong, kib, longestInput, type Reading as Files, takeFiles } from './files.ts';
import { isMessage, language, setLanguage, t } from './language.ts';
import { inline, markdown } from './markdown.ts';
import { noNotice, notice } from './notice.ts';
import { PasteBox } from './paste-box.ts';
import { damage, type ProblemActions, problems, repairBanner } from './problems.ts';
import { type Reading, readingOf } from './reading.ts';
import { chooseNoRelease, chosenRelease, drawReleases, otherReleases } from './releases.ts';
import { countChips, countsBySeverity } from './severity.ts';
import type { SourceId } from './sources.ts';
import { rotation, stepList } from './steps.ts';
import { isDark, toggleTheme } from './theme.ts';
import { ofField, present, toField } from './time.ts';
import { timeline } from './timeline.ts';
import { linkLetters, reserves, siteList, verdict } from './verdict.ts';

// Browsers have no policy against WebRTC; nothing here needs it.
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) Reflect.deleteProperty(window, name);

const pause = 120;
const refresh = 30_000;

const core = new Core();
const findKeys = (text: string) => core.call('keys', text);
const panes = makePanes(
  findKeys,
  (text) => core.call('redact', text),
  changed,
  (finding) => void mend([finding]),
);
const pasteBox = new PasteBox(
  panes,
  {
    parts: (text, corrections) => core.call('parts', text, language(), corrections),
    rows: (group, from) => core.call('rows', group, from),
  },
  findKeys,
  guard,
  announce,
  complain,
);

/** The time that the verdict speaks of, in seconds since 1970; the present where it is not set. */
let asOf: number | undefined;
let report: Bounded | undefined;
/** Whether the texts are spoken of as they were pasted, where they were damaged and could be repaired. */
let isAsPasted = false;
/** Counts the changes of what is asked; a report counts for the change that it was asked after. */
let asked = 0;
let answered = 0;
let checking = false;
let timer = 0;
let inSight = true;
/** Whether what other releases do is asked for, and what came of it. */
let isComparing = false;
let changes: ReleaseChange[] | 'too-long' | undefined;

function input(): Input {
  const given: Input = {};
  for (const pane of panes) {
    const text = pane.given;
    if (text !== undefined) given[pane.id] = text;
  }
  return given;
}

function options(): Options {
  const hermes = chosenRelease();
  const listingTakenAt = pane('listing')?.came;
  return {
    language: language(),
    now: asOf ?? present(),
    ...(listingTakenAt !== undefined && { listingTakenAt }),
    ...(hermes !== undefined && { hermes }),
  };
}

function changed(): void {
  guard();
  asked++;
  byId('report').ariaBusy = 'true';
  clearTimeout(timer);
  timer = window.setTimeout(() => void check(), pause);
}

/** Leaving the page loses what was pasted: nothing is stored. */
function guard(): void {
  const hasText = pasteBox.text !== '' || panes.some(({ text }) => text !== '');
  document.body.classList.toggle('is-start', !hasText);
  window[hasText ? 'addEventListener' : 'removeEventListener']('beforeunload', askBeforeLeaving);
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** One check at a time; what changes meanwhile is checked afterwards, and the answer in between is not shown. */
async function check(): Promise<void> {
  if (checking) return;
  checking = true;
  const asking = asked;
  try {
    const answer = await core.call('report', input(), options());
    if (asking === asked) {
      alarm('');
      answered = asking;
      show(answer);
    }
  } catch (error) {
    complain(error);
  }
  checking = false;
  if (asking !== asked) await check();
}

function complain(error: unknown): void {
  if (isTooLong([pasteBox.text]) || isTooLong(panes.map(({ text }) => text))) {
    alarm(t('page.too-long', { most: kib(longestInput) }));
    return;
  }
  alarm(error instanceof Hung ? t('page.hung') : t('page.broken', { why: String((error as Error).message) }));
}

function show(answer: Bounded): void {
  const isEmpty = Object.keys(input()).length === 0;
  const before = JSON.stringify(report);
  report = isEmpty ? undefined : answer;
  if (!report?.repaired) isAsPasted = false;
  byId('report').ariaBusy = 'false';
  const reading = report && readingOf(report, isAsPasted);
  // A text that changes nothing in the report still counts as given.
  for (const pane of panes) pane.show(report, reading?.verdict);
  if (report && JSON.stringify(report) === before) return;
  changes = undefined;
  draw();
  if (report && isComparing) void compare();
  if (reading) announce(said(reading));
}

/** The answer in a few sentences. */
function said({ verdict, counts, restored }: Reading): string {
  const words = countsBySeverity(counts).map(({ words }) => words);
  return [...(restored ? [restored] : []), verdict.summary, ...(words.length ? words : [t('page.no-problems')])].join(
    ' ',
  );
}

async function compare(): Promise<void> {
  const asking = asked;
  try {
    const answer = await core.call('check', input(), { ...options(), compareReleases: true });
    if (asking !== asked || !report) return;
    changes = answer.releases ?? 'too-long';
    draw();
    if (isComparing && changes !== 'too-long') {
      announce(changes.length ? changes.map(({ message }) => message).join(' ') : t('page.releases.none'));
    }
  } catch (error) {
    complain(error);
  }
}

function compareWhere(isOpen: boolean): void {
  if (isOpen === isComparing) return;
  isComparing = isOpen;
  if (isOpen && changes === undefined) void compare();
}

function draw(): void {
  const container = byId('report');
  const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('#report [data-key]')?.dataset
    .key;
  byId('toolbar').hidden = !report;
  const reading = report && readingOf(report, isAsPasted);
  container.replaceChildren(
    ...(report && reading
      ? [
          ...(report.repaired ? [repairBanner(report, isAsPasted, problemActions, readAsPasted)] : []),
          verdict(reading, actions),
          ...(reading.rotation ? [rotation(reading.rotation, goTo)] : []),
          ...(reading.steps.length ? [stepList(reading.steps, showProblems)] : []),
          problems(reading, [report.moreNote, report.silencedNote], problemActions),
          ...(report.repaired && !isAsPasted ? [damage(report, problemActions)] : []),
          ...(report.timeline ? [timeline(report.timeline, goTo)] : []),
          ...(report.sites.length ? [siteList(report.sites, goTo)] : []),
          ...reserves(reading, actions),
          otherReleases(isComparing, changes, compareWhere),
        ]
      : [welcome()]),
  );
  if (focused !== undefined) {
    const again = [...container.querySelectorAll<HTMLElement>('[data-key]')].find(
      ({ dataset }) => dataset.key === focused,
    );
    (again ?? document.getElementById('problems-title'))?.focus();
  }
  if (report) {
    const { version, standing, reason = '' } = report.hermes;
    byId('release').textContent = t('page.release.because', { version, standing, reason });
  }
  drawPeek();
}

/** Speaks of the texts as they were pasted, or of what they were before. */
function readAsPasted(asPasted: boolean): void {
  isAsPasted = asPasted;
  const reading = report && readingOf(report, isAsPasted);
  for (const pane of panes) pane.show(report, reading?.verdict);
  draw();
  if (reading) announce(said(reading));
}

const problemActions: ProblemActions = {
  goTo,
  mend: (findings) => void mend(findings),
  mendAll: () => void mendAll(),
  explain: (code) => void explain(code),
};
const actions = { goTo, paste: (source: SourceId) => pane(source)?.focus(), sayAbsent };

function welcome(): HTMLElement {
  return h(
    'div',
    { class: 'welcome' },
    h('h2', {}, t('page.welcome')),
    h('p', {}, t('page.welcome.how')),
    h('h3', {}, t('page.welcome.examples')),
    exampleList(open),
  );
}

/** On narrow screens: the verdict in a line, as long as it is out of sight. */
function drawPeek(): void {
  const peek = byId('peek');
  peek.hidden = !report || inSight;
  if (!report) return;
  const { verdict, counts } = readingOf(report, isAsPasted);
  peek.className = verdict.state;
  peek.replaceChildren(
    h('span', { class: 'peek-summary' }, ...inline(verdict.summary)),
    ...countChips(counts),
    icon('down'),
  );
}

function pane(source: string) {
  return panes.find(({ id }) => id === source);
}

function goTo({ source, start, end }: Location): void {
  pane(source)?.select(start.offset, end.offset);
}

function sayAbsent(source: SourceId): void {
  pane(source)?.setAbsent(true);
}

/** Leads to the cards of problems. */
function showProblems(findings: string[]): void {
  const cards = [...document.querySelectorAll<HTMLElement>('.problem')];
  for (const card of cards) card.classList.toggle('is-current', findings.includes(card.dataset.finding ?? ''));
  cards.find((card) => card.classList.contains('is-current'))?.focus();
}

async function mend(findings: FindingView[]): Promise<void> {
  const ids = findings.map(({ id }) => id);
  const look = findings.some(({ fix }) => fix && !fix.safe);
  await write(() => core.call('applyFixes', input(), ids, options()), look);
}

async function mendAll(): Promise<void> {
  await write(() => core.call('applySafeFixes', input(), options()), false);
}

async function write(fixed: () => Promise<Texts>, look: boolean): Promise<void> {
  if (asked !== answered) {
    announce(t('page.still-checking'));
    return;
  }
  const asking = asked;
  try {
    const texts = await fixed();
    if (asking !== asked) return;
    const undo = asItIs();
    const changed = panes.filter(({ id }) => typeof texts[id] === 'string');
    for (const each of changed) each.write(texts[each.id] ?? '', look);
    if (!changed.length) return;
    const words = t('page.fixed', { names: changed.map(({ title }) => title).join(', ') });
    notice([words], undo);
    announce(words);
  } catch (error) {
    alarm(t('page.not-fixed', { why: String((error as Error).message) }));
  }
}

/** What brings the texts back as they are now. */
function asItIs(): () => void {
  const texts = panes.map((each) => ({ each, text: each.text, isAbsent: each.isAbsent, came: each.came }));
  const posted = pasteBox.text;
  const spokenOf = asOf;
  return () => {
    if (pasteBox.text !== posted) pasteBox.restore(posted);
    for (const { each, text, isAbsent, came } of texts) {
      each.write(text);
      each.came = came;
      if (each.isAbsent !== isAbsent) each.setAbsent(isAbsent);
    }
    asOf = spokenOf;
    drawAsOf();
    changed();
    announce(t('page.undone'));
    byId('results').focus({ preventScroll: true });
  };
}

/** Puts files where they belong: by their names, and else by what is in them. */
async function take({ texts, notes, isHome }: Files): Promise<void> {
  const undo = asItIs();
  const opened = await core.call('openFiles', texts);
  const named: SourceId[] = [];
  if (texts.length) pasteBox.clear();
  for (const each of panes) {
    const text = opened.texts[each.id];
    if (text === undefined) continue;
    each.write(withLineFeeds(text));
    named.push(each.id);
  }
  // What is not in a folder of Hermes does not exist.
  if (isHome) {
    for (const each of panes) {
      if (['config', 'dotenv', 'authStore', 'jobs'].includes(each.id) && !named.includes(each.id)) {
        each.clear();
        each.setAbsent(true);
      }
    }
  }
  const others = texts.filter((_, at) => !opened.files[at]?.kind);
  const passedOver = texts.filter((_, at) => opened.files[at]?.kind && !opened.files[at]?.used);
  if (others.length) {
    // A heading ends what stands above it.
    const post =
      others.length === 1 ? others[0]?.text : others.map(({ name, text }) => `${name}:\n\n${text}`).join('\n\n');
    await pasteBox.put(withLineFeeds(post ?? ''), named);
  }
  const read = texts.filter((each) => !passedOver.includes(each)).map(({ name }) => name);
  const lines = [
    ...(read.length ? [t('page.files.opened', { names: read.join(', ') })] : []),
    ...passedOver.map(({ name }) => t('page.files.passed-over', { name })),
    ...notes,
  ];
  notice(lines, texts.length || isHome ? undo : undefined);
  announce(lines.join(' '));
}

async function explain(code: string): Promise<void> {
  const rule = await core.call('explainRule', code, language());
  if (!rule) return;
  const dialog = byId<HTMLDialogElement>('rule');
  dialog.replaceChildren(
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'rule-title' }, `${rule.code} ${rule.name}`),
      h('button', { class: 'quiet', autofocus: true }, t('page.close')),
    ),
    ...markdown(rule.doc),
  );
  dialog.showModal();
}

function open({ texts, now }: Example): void {
  byId('examples').hidePopover();
  noNotice();
  isAsPasted = false;
  asOf = now;
  drawAsOf();
  pasteBox.clear();
  for (const each of panes) {
    each.clear();
    const text = texts[each.id];
    if (text !== undefined) each.write(text);
    each.came = now;
  }
  window.scrollTo({ top: 0 });
  byId('results').scrollTo({ top: 0 });
  byId('editors').scrollTo({ top: 0 });
  byId('results').focus({ preventScroll: true });
  changed();
}

function drawAsOf(): void {
  const time = byId<HTMLInputElement>('as-of-time');
  byId('as-of-summary').textContent =
    asOf === undefined
      ? t('page.as-of.now')
      : t('page.as-of.time', {
          time: new Date(asOf * 1000).toLocaleString(language(), { dateStyle: 'medium', timeStyle: 'short' }),
        });
  time.value = toField(asOf ?? present());
  byId<HTMLButtonElement>('as-of-now').disabled = asOf === undefined;
}

/** F8 and Shift F8: the next or previous problem behind the cursor, through all panes. */
function step(direction: 1 | -1): void {
  const findings = allFindings(report)
    .filter(({ location }) => pane(location.source))
    .sort((a, b) => order(a.location) - order(b.location) || a.location.start.offset - b.location.start.offset);
  if (!findings.length) return;
  const here = panes.findIndex((each) => each.cursor !== undefined);
  const cursor = panes[here]?.cursor ?? -1;
  const isBehind = ({ location }: FindingView) =>
    order(location) > here || (order(location) === here && location.start.offset > cursor);
  const isBefore = ({ location }: FindingView) =>
    order(location) < here || (order(location) === here && location.start.offset < cursor);
  const next =
    direction === 1 ? (findings.find(isBehind) ?? findings[0]) : (findings.findLast(isBefore) ?? findings.at(-1));
  if (!next) return;
  goTo(next.location);
  for (const card of document.querySelectorAll<HTMLElement>('.problem')) {
    const isCurrent = card.dataset.finding === next.id;
    card.classList.toggle('is-current', isCurrent);
    if (isCurrent) card.scrollIntoView({ block: 'nearest' });
  }
  announce([next.what, next.why, next.todo].join(' '));
}

function order({ source }: Location): number {
  return panes.findIndex(({ id }) => id === source);
}

/** Ctrl . or ⌘ .: mends the problem at the cursor. */
function mendHere(): void {
  const here = panes.find((each) => each.cursor !== undefined);
  const cursor = here?.cursor ?? -1;
  const finding = allFindings(report).find(
    ({ location, fix }) =>
      fix && location.source === here?.id && location.start.offset <= cursor && cursor <= location.end.offset,
  );
  if (finding) void mend([finding]);
}

function reword(): void {
  document.documentElement.lang = language();
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    const id = element.dataset.text ?? '';
    if (isMessage(id)) element.textContent = t(id);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    const id = element.dataset.label ?? '';
    if (isMessage(id)) element.ariaLabel = t(id);
  }
  for (const each of panes) each.reword();
  pasteBox.reword();
  noNotice();
  const other = byId('language');
  other.textContent = language() === 'en' ? '简体中文' : 'English';
  other.lang = language() === 'en' ? 'zh-CN' : 'en';
  byId('promise').replaceChildren(icon('lock'), t('page.promise'));
  byId('examples').replaceChildren(exampleList(open));
  drawTheme();
  drawAsOf();
  void core.call('releases', language()).then(drawReleases, complain);
  draw();
}

function drawTheme(): void {
  const button = byId('theme');
  button.replaceChildren(icon(isDark() ? 'sun' : 'moon'));
  button.ariaLabel = isDark() ? t('page.light') : t('page.dark');
  button.title = button.ariaLabel;
}

byId('panes').append(...panes.map(({ element }) => element));
byId('clear').addEventListener('click', () => {
  const undo = asItIs();
  const hadText = Object.keys(input()).length > 0 || pasteBox.text !== '';
  pasteBox.clear();
  for (const each of panes) each.clear();
  asOf = undefined;
  isAsPasted = false;
  drawAsOf();
  chooseNoRelease();
  alarm('');
  changed();
  pasteBox.focus();
  if (hadText) notice([t('page.cleared')], undo);
  announce(t('page.cleared'));
});
byId('language').addEventListener('click', () => {
  setLanguage(language() === 'en' ? 'zh-CN' : 'en');
  reword();
  void pasteBox.read();
  for (const each of panes) each.show(report, report && readingOf(report, isAsPasted).verdict);
  changed();
});
byId('theme').addEventListener('click', () => {
  toggleTheme();
  drawTheme();
});
byId('release-choice').addEventListener('change', changed);
byId('as-of-time').addEventListener('change', ({ target }) => {
  asOf = ofField((target as HTMLInputElement).value);
  drawAsOf();
  changed();
});
byId('as-of-now').addEventListener('click', () => {
  asOf = undefined;
  drawAsOf();
  changed();
});
byId('copy-report').addEventListener('click', () => {
  void core.call('markdown', input(), options()).then((text) => copyFrom(byId('copy-report'), text));
});
byId('peek').addEventListener('click', () => {
  byId('results').scrollIntoView();
  document.getElementById('verdict-title')?.focus({ preventScroll: true });
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'F8') step(event.shiftKey ? -1 : 1);
  else if (event.key === '.' && (event.ctrlKey || event.metaKey)) mendHere();
  else return;
  event.preventDefault();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawTheme);
new IntersectionObserver((entries) => {
  // A busy page is told of several changes at once, the last one last.
  inSight = entries.at(-1)?.isIntersecting ?? true;
  drawPeek();
}).observe(byId('results'));
// A cooldown runs down while the page is open.
window.setInterval(() => {
  const isCooling = report?.verdict.pool?.entries.some(({ cooldownLeft }) => cooldownLeft !== undefined);
  if (isCooling && asOf === undefined && !document.hidden) changed();
}, refresh);
linkLetters(byId('report'));
takeFiles({
  read: (bytes) => core.call('read', bytes),
  known: (files) => core.call('openFiles', files),
  take,
  text: (text) => {
    pasteBox.focus();
    void pasteBox.put(withLineFeeds(text));
  },
  complain,
});
reword();
guard();
