// The panes: an editor for each text that can be pasted.

import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { FindingView, Report } from '../../pkg/dist/index.js';
import { h } from './dom.ts';
import { isMessage, t } from './language.ts';
import { inline } from './markdown.ts';
import { countChips } from './severity.ts';
import { type Source, type SourceId, sources } from './sources.ts';

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-name)' },
  { tag: [tags.string, tags.content, tags.literal], color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: 'var(--code-value)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)' },
  { tag: [tags.punctuation, tags.separator, tags.operator, tags.meta], color: 'var(--code-mark)' },
]);

type Mark = { from: number; to: number; used: boolean; title: string };
const setMarks = StateEffect.define<Mark[]>();

/** Shows in the text itself which credential is used and which are not. */
const verdictMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let result = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      result = Decoration.set(
        effect.value.map(({ from, to, used, title }) =>
          Decoration.mark({ class: used ? 'mark-used' : 'mark-unused', attributes: { title } }).range(from, to),
        ),
        true,
      );
    }
    return result;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Pane {
  readonly id: SourceId;
  readonly element: HTMLElement;
  #view: EditorView;
  #wording = new Compartment();
  #name = h('h3', { class: 'pane-name' });
  #hint = h('span', { class: 'pane-hint' });
  #state = h('span', { class: 'pane-state' });
  #absent = false;

  constructor(
    private readonly source: Source,
    private readonly changed: () => void,
    private readonly mend: (finding: FindingView) => void,
  ) {
    this.id = source.id;
    this.#name.id = `pane-${source.id}`;
    this.#view = new EditorView({
      state: EditorState.create({
        extensions: [
          this.#wording.of([]),
          lineNumbers(),
          lintGutter(),
          history(),
          // A no-break or ideographic space looks like an indentation and is none.
          highlightSpecialChars({ addSpecialChars: /[\u00a0\u3000]/g }),
          source.language(),
          syntaxHighlighting(colours),
          verdictMarks,
          keymap.of([...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            if (this.text) this.#absent = false;
            this.changed();
          }),
        ],
      }),
    });
    this.element = h(
      'section',
      { class: 'pane', 'data-source': source.id, 'aria-labelledby': this.#name.id },
      h('div', { class: 'pane-head' }, this.#name, this.#hint, this.#state),
      this.#view.dom,
    );
    this.reword();
  }

  get title(): string {
    return isMessage(this.source.title) ? t(this.source.title) : this.source.title;
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** As the package takes it: left out where nothing is known, `null` where it is known that there is none. */
  get given(): string | null | undefined {
    return this.text || (this.#absent ? null : undefined);
  }

  /** Replaces the text. Only what differs is changed, so that undo and places stay useful. */
  write(text: string, reveal = false): void {
    const old = this.text;
    let start = 0;
    while (start < old.length && start < text.length && old[start] === text[start]) start++;
    let end = 0;
    const most = Math.min(old.length, text.length) - start;
    while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
    const insert = text.slice(start, text.length - end);
    this.#view.dispatch({
      changes: { from: start, to: old.length - end, insert },
      // One undo takes back this and nothing else.
      annotations: isolateHistory.of('full'),
    });
    if (reveal) this.select(start, start + insert.length);
  }

  clear(): void {
    this.#absent = false;
    this.write('');
  }

  /** Says that there is no such file, or takes it back. */
  setAbsent(absent: boolean): void {
    this.#absent = absent;
    this.changed();
  }

  focus(): void {
    this.#view.focus();
    this.element.scrollIntoView({ block: 'nearest' });
  }

  select(from: number, to: number): void {
    const length = this.#view.state.doc.length;
    this.#view.dispatch({
      selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
      effects: EditorView.scrollIntoView(Math.min(from, length), { y: 'center' }),
    });
    this.#view.focus();
  }

  /** The cursor's place, where the pane has the focus. */
  get cursor(): number | undefined {
    return this.#view.hasFocus ? this.#view.state.selection.main.from : undefined;
  }

  reword(): void {
    this.#name.textContent = this.title;
    this.#hint.textContent = t(this.source.hint);
    this.#view.dispatch({
      effects: this.#wording.reconfigure([
        placeholder(t(this.source.placeholder)),
        EditorView.contentAttributes.of({ 'aria-label': this.title, 'aria-describedby': 'editor-keys' }),
      ]),
    });
    this.#showState([]);
  }

  /** Shows what the report, which speaks of the text as it is now, says about this pane. */
  show(report: Report | undefined): void {
    const length = this.#view.state.doc.length;
    const clip = (offset: number) => Math.min(offset, length);
    const own = ({ location }: FindingView) => location.source === this.id;
    const findings = report?.findings.filter(own) ?? [];
    const isRepaired = (finding: FindingView) => !findings.includes(finding);
    const diagnostics = allFindings(report).filter(own).map((finding): Diagnostic => ({
      from: clip(finding.location.start.offset),
      to: clip(finding.location.end.offset),
      // What would be found after repair is underlined as well, but quietly.
      severity: isRepaired(finding) ? 'hint' : finding.severity,
      ...(isRepaired(finding) && { source: t('page.repaired') }),
      message: `${finding.what}\n${finding.why}\n${finding.todo}`,
      renderMessage: () =>
        h(
          'div',
          { class: 'tip' },
          h('strong', {}, ...inline(finding.what)),
          h('p', {}, ...inline(finding.why)),
          h('p', {}, ...inline(finding.todo)),
        ),
      actions: finding.fix
        ? [{ name: fixName(finding).replaceAll('`', ''), apply: () => this.mend(finding), markClass: 'tip-fix' }]
        : [],
    }));
    const credentials = report
      ? [
          ...(report.verdict.winner ? [{ location: report.verdict.winner.location, used: true }] : []),
          ...report.verdict.losers.map(({ credential }) => ({ location: credential.location, used: false })),
        ]
      : [];
    const marks = credentials.flatMap(({ location, used }): Mark[] => {
      if (location?.source !== this.id) return [];
      const [from, to] = [clip(location.start.offset), clip(location.end.offset)];
      return from < to ? [{ from, to, used, title: used ? t('page.mark.used') : t('page.mark.unused') }] : [];
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics), { effects: setMarks.of(marks) });
    this.#showState(findings);
  }

  #showState(findings: FindingView[]): void {
    this.element.classList.toggle('is-empty', !this.text);
    if (findings.length) {
      this.#state.replaceChildren(...countChips(findings));
    } else if (this.text) {
      this.#state.replaceChildren(h('span', { class: 'chip' }, t('page.pane.given')));
    } else if (this.#absent) {
      this.#state.replaceChildren(
        h('span', { class: 'chip' }, t('page.pane.absent')),
        h(
          'button',
          { type: 'button', class: 'quiet', onclick: () => this.setAbsent(false) },
          t('page.pane.absent-undo'),
        ),
      );
    } else {
      this.#state.replaceChildren(h('span', { class: 'chip muted' }, t('page.pane.not-given')));
    }
  }
}

/** The findings of the pasted texts and those after repair. */
export function allFindings(report: Report | undefined): FindingView[] {
  return [...(report?.findings ?? []), ...(report?.repaired?.findings ?? [])];
}

/** What a fix's button says, as Markdown. */
export function fixName({ fix }: FindingView): string {
  if (!fix) return '';
  return fix.safe ? t('page.fix', { title: fix.title }) : t('page.fix.look', { title: fix.title });
}

export function makePanes(changed: () => void, mend: (finding: FindingView) => void): Pane[] {
  return sources.map((source) => new Pane(source, changed, mend));
}
