// The panes: an editor for each text that can be pasted.

import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';
import type { FindingView, Report, SourceKind, VerdictView } from '../../pkg/dist/index.js';
import type { Bounded, Counts } from './bounded.ts';
import { copyFrom } from './clipboard.ts';
import { h, icon } from './dom.ts';
import { Editor, type FindKeys } from './editor.ts';
import { isMessage, t } from './language.ts';
import { inline } from './markdown.ts';
import { countChips } from './severity.ts';
import { type Source, type SourceId, sources } from './sources.ts';
import { ofField, present, toField } from './time.ts';

type Mark = { from: number; to: number; name: 'used' | 'reserve' | 'unused'; title: string };
const setMarks = StateEffect.define<Mark[]>();

/** Shows in the text itself which credential is used and which are not. */
const verdictMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let result = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      result = Decoration.set(
        effect.value.map(({ from, to, name, title }) =>
          Decoration.mark({ class: `mark-${name}`, attributes: { title } }).range(from, to),
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
  #editor: Editor;
  #name = h('h3', { class: 'pane-name' });
  #hint = h('span', { class: 'pane-hint' });
  #state = h('span', { class: 'pane-state' });
  #copy = h('button', { type: 'button', class: 'quiet icon-button copy-masked' }, icon('copy'));
  #absent = false;
  /** When the text came: pasted, opened, or begun to be typed. What is typed into it later changes nothing. */
  #came: number | undefined;
  #time = h('input', { type: 'datetime-local', step: 1 });
  #timeName = h('span', {});
  #timeNow = h('button', { type: 'button', class: 'quiet' });
  #timeRow = h('p', { class: 'pane-time', hidden: true }, h('label', {}, this.#timeName, this.#time), this.#timeNow);
  /** The report that speaks of the text as it is now, and the verdict that is shown. */
  #said: { report: Bounded | undefined; verdict: VerdictView | undefined } | undefined;

  constructor(
    private readonly source: Source,
    findKeys: FindKeys,
    masked: (text: string) => Promise<string>,
    private readonly changed: () => void,
    private readonly mend: (finding: FindingView) => void,
  ) {
    this.id = source.id;
    this.#name.id = `pane-${source.id}`;
    const written = () => {
      // What was said of another text is not true of this one.
      this.#said = undefined;
      if (this.text) this.#absent = false;
      this.#came = this.text ? (this.#came ?? present()) : undefined;
      this.#showTime();
      this.changed();
    };
    this.#editor = new Editor([source.language(), lintGutter(), verdictMarks], findKeys, written, () => this.#mark());
    this.#copy.addEventListener('click', () => {
      void masked(this.text).then((text) => copyFrom(this.#copy, text));
    });
    this.element = h(
      'section',
      { class: 'pane', 'data-source': source.id, 'aria-labelledby': this.#name.id },
      h('div', { class: 'pane-head' }, this.#name, this.#hint, this.#state, this.#copy),
      ...(source.counts ? [this.#timeRow] : []),
      this.#editor.dom,
    );
    // Before the editor takes what comes.
    for (const name of ['paste', 'drop']) {
      this.#editor.dom.addEventListener(name, () => (this.#came = undefined), true);
    }
    this.#time.addEventListener('change', () => this.#comes(ofField(this.#time.value)));
    this.#timeNow.addEventListener('click', () => this.#comes(undefined));
    this.reword();
  }

  /** When the text was printed, where it counts from there. */
  get came(): number | undefined {
    if (!this.source.counts || !this.text) return undefined;
    this.#came ??= present();
    return this.#came;
  }

  set came(moment: number | undefined) {
    this.#came = moment;
    this.#showTime();
  }

  #comes(moment: number | undefined): void {
    this.came = moment;
    this.changed();
  }

  #showTime(): void {
    const { came } = this;
    this.#timeRow.hidden = came === undefined;
    const value = came === undefined ? '' : toField(came);
    // Whoever is writing in the field is not disturbed: it shortens what is written into it.
    if (ofField(this.#time.value) !== ofField(value)) this.#time.value = value;
  }

  get title(): string {
    return isMessage(this.source.title) ? t(this.source.title) : this.source.title;
  }

  get text(): string {
    return this.#editor.text;
  }

  get isAbsent(): boolean {
    return this.#absent;
  }

  /** As the package takes it: left out where nothing is known, `null` where it is known that there is none. */
  get given(): string | null | undefined {
    return this.text || (this.#absent ? null : undefined);
  }

  /** Replaces the text. */
  write(text: string, reveal = false): void {
    if (text !== this.text) this.#came = undefined;
    this.#editor.write(text, reveal);
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
    this.#editor.focus();
    this.element.scrollIntoView({ block: 'nearest' });
  }

  select(from: number, to: number): void {
    this.#editor.select(from, to);
  }

  /** The cursor's place, where the pane has the focus. */
  get cursor(): number | undefined {
    return this.#editor.cursor;
  }

  reword(): void {
    this.#name.textContent = this.title;
    this.#hint.textContent = t(this.source.hint);
    this.#copy.ariaLabel = t('page.copy-masked', { name: this.title });
    this.#copy.title = this.#copy.ariaLabel;
    this.#timeName.textContent = t('page.printed');
    this.#timeNow.textContent = t('page.as-of.use-now');
    this.#editor.reword(t(this.source.placeholder), { 'aria-label': this.title, 'aria-describedby': 'editor-keys' });
    this.#showState(undefined);
  }

  /** Shows what the report, which speaks of the text as it is now, says about this pane; `verdict` is the one that is shown. */
  show(report: Bounded | undefined, verdict = report?.verdict): void {
    this.#said = { report, verdict };
    this.#mark();
    this.#showState(report?.countsOf[this.id as SourceKind]);
  }

  #mark(): void {
    const { view } = this.#editor;
    const { report, verdict } = this.#said ?? {};
    const own = ({ location }: FindingView) =>
      location.source === this.id && this.#editor.shows(location.start.offset, location.end.offset);
    const pasted = new Set(report?.findings);
    const diagnostics = allFindings(report)
      .filter(own)
      .map((finding): Diagnostic => {
        const [from, to] = this.#editor.clip(finding.location.start.offset, finding.location.end.offset);
        const isRepaired = !pasted.has(finding);
        return {
          from,
          to,
          // What would be found after repair is underlined as well, but quietly.
          severity: isRepaired ? 'hint' : finding.severity,
          ...(isRepaired && { source: t('page.repaired') }),
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
        };
      });
    view.dispatch(setDiagnostics(view.state, diagnostics), { effects: setMarks.of(this.#marks(verdict)) });
  }

  #marks(verdict: VerdictView | undefined): Mark[] {
    if (!verdict) return [];
    const { winner, losers } = verdict;
    const credentials = [
      ...(winner ? [{ location: winner.location, name: 'used' as const }] : []),
      ...losers.map(({ credential, neverUsed }) => ({
        location: credential.location,
        name: neverUsed ? ('unused' as const) : ('reserve' as const),
      })),
    ];
    const titles = { used: t('page.mark.used'), reserve: t('page.mark.reserve'), unused: t('page.mark.unused') };
    return credentials.flatMap(({ location, name }): Mark[] => {
      if (location?.source !== this.id || !this.#editor.shows(location.start.offset, location.end.offset)) return [];
      const [from, to] = this.#editor.clip(location.start.offset, location.end.offset);
      return from < to ? [{ from, to, name, title: titles[name] }] : [];
    });
  }

  #showState(counts: Counts | undefined): void {
    this.element.classList.toggle('is-empty', !this.text);
    this.#copy.hidden = !this.text;
    this.#showTime();
    if (counts) {
      this.#state.replaceChildren(...countChips(counts));
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

export function makePanes(
  findKeys: FindKeys,
  masked: (text: string) => Promise<string>,
  changed: () => void,
  mend: (finding: FindingView) => void,
): Pane[] {
  return sources.map((source) => new Pane(source, findKeys, masked, changed, mend));
}
