// One box for a text in which anything may stand. The core finds its parts, in the worker; the box shows them, and says what
// the user says of them.

import { EditorView } from '@codemirror/view';
import type { Correction, Texts } from '../../pkg/dist/index.js';
import type { Found, Group, Row } from './bounded.ts';
import { byId, h } from './dom.ts';
import { Editor, type FindKeys } from './editor.ts';
import type { Pane } from './editors.ts';
import { t } from './language.ts';
import { inline } from './markdown.ts';
import type { SourceId } from './sources.ts';

const pause = 200;
/** Parts of one kind beyond this many are folded. */
const fewest = 4;

export type Splitter = {
  parts: (text: string, corrections: Correction[]) => Promise<Found>;
  rows: (group: string, from: number) => Promise<Row[]>;
};

export class PasteBox {
  #editor: Editor;
  #parts = byId('parts');
  /** The panes' texts before this paste; they come back where it says nothing of them, and when it is taken back. */
  #before: Map<SourceId, string> | undefined;
  /** Texts that came as files of their own together with this one: they come before its parts. */
  #kept: Set<SourceId> = new Set();
  #corrections = new Map<number, Correction['kind']>();
  #found: Found | undefined;
  #asked = 0;
  #timer = 0;
  #isOwnChange = false;

  constructor(
    private readonly panes: Pane[],
    private readonly splitter: Splitter,
    findKeys: FindKeys,
    private readonly changed: () => void,
    private readonly said: (words: string) => void,
    private readonly complain: (error: unknown) => void,
  ) {
    this.#editor = new Editor(EditorView.lineWrapping, findKeys, () => {
      this.changed();
      if (this.#isOwnChange) return;
      this.#corrections.clear();
      this.#kept.clear();
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.read(), pause);
    });
    byId('box').append(this.#editor.dom);
    byId('take-back').addEventListener('click', () => this.#takeBack());
    this.reword();
  }

  get text(): string {
    return this.#editor.text;
  }

  focus(): void {
    this.#editor.focus();
  }

  reword(): void {
    this.#editor.reword(t('page.placeholder.anything'), {
      id: 'anything',
      'aria-labelledby': 'paste-title',
      'aria-describedby': 'paste-hint',
    });
  }

  /** Empties the box and leaves the panes as they are. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#write('');
    this.#before = undefined;
    this.#found = undefined;
    this.#kept.clear();
    this.#corrections.clear();
    this.#draw();
  }

  /** Puts a text into the box; the panes in `kept` stay as they are, whatever it says. */
  async put(text: string, kept: SourceId[] = []): Promise<void> {
    this.clear();
    this.#kept = new Set(kept);
    this.#write(text);
    await this.read();
  }

  /** Writes a text without reading it: the panes are what they are. */
  restore(text: string): void {
    this.clear();
    this.#write(text);
  }

  #write(text: string): void {
    this.#isOwnChange = true;
    this.#editor.write(text);
    this.#isOwnChange = false;
  }

  /** Finds the parts of what is written, anew where the language changes, and fills the panes. */
  async read(): Promise<void> {
    const asking = ++this.#asked;
    const { text } = this;
    if (!text.trim()) {
      if (this.#before) this.#takeBack();
      return;
    }
    try {
      const corrections = [...this.#corrections].map(([part, kind]) => ({ part, kind }));
      const found = await this.splitter.parts(text, corrections);
      if (asking !== this.#asked) return;
      this.#before ??= new Map(this.panes.map(({ id, text }) => [id, text]));
      this.#found = found;
      this.#fill(found.texts);
      this.#draw();
      const { names } = found;
      this.said(names.length ? t('page.parts.found', { names: names.join('; ') }) : t('page.parts.none'));
    } catch (error) {
      if (asking === this.#asked) this.complain(error);
    }
  }

  #fill(texts: Texts): void {
    for (const pane of this.panes) {
      if (!this.#kept.has(pane.id)) pane.write(texts[pane.id] ?? this.#before?.get(pane.id) ?? '');
    }
  }

  #takeBack(): void {
    for (const pane of this.panes) pane.write(this.#before?.get(pane.id) ?? '');
    this.clear();
    this.focus();
    this.said(t('page.parts.taken-back'));
  }

  #draw(): void {
    const groups = this.#found?.groups ?? [];
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('#parts [data-part]')?.dataset
      .part;
    const known = this.panes.flatMap(({ id, title }) => {
      const group = groups.find((each) => each.id === id);
      return group ? [{ group, title }] : [];
    });
    const rest = (id: string) => groups.find((each) => each.id === id);
    byId('take-back').hidden = !groups.length;
    this.#parts.replaceChildren(
      ...(groups.length && !known.length ? [h('p', {}, t('page.parts.none'))] : []),
      ...this.#known(known),
      ...this.#folded(rest('unused'), (count) => t('page.parts.unused', { count })),
      ...this.#folded(rest('other'), (count) => t('page.parts.other', { count }), !known.length),
    );
    if (focused !== undefined) this.#parts.querySelector<HTMLElement>(`.kind[data-part="${focused}"]`)?.focus();
  }

  /** The parts that are used: a row for each, and one for many of a kind. */
  #known(known: { group: Group; title: string }[]): HTMLElement[] {
    const few = known.filter(({ group }) => group.count < fewest).flatMap(({ group }) => group.rows);
    const many = known.filter(({ group }) => group.count >= fewest);
    return [
      ...(few.length ? [h('ol', {}, ...few.sort((a, b) => a.number - b.number).map((row) => this.#row(row)))] : []),
      ...many.flatMap(({ group, title }) =>
        this.#folded(group, (count) => t('page.parts.many', { name: title, count })),
      ),
    ];
  }

  /** Rows that are drawn when somebody looks at them, some at a time. */
  #folded(group: Group | undefined, title: (count: number) => string, isOpen = false): HTMLElement[] {
    if (!group) return [];
    const { id, count, rows } = group;
    const wasOpen = this.#parts.querySelector<HTMLDetailsElement>(`[data-fold="${id}"]`)?.open ?? false;
    const list = h('ol', {});
    const more = h('button', { type: 'button', class: 'quiet', hidden: true });
    let drawn = 0;
    const add = (some: Row[]) => {
      list.append(...some.map((row) => this.#row(row)));
      drawn += some.length;
      more.textContent = t('page.more', { count: count - drawn });
      more.hidden = drawn >= count || !some.length;
    };
    more.addEventListener('click', () => {
      void this.splitter.rows(id, drawn).then((some) => {
        const last = list.lastElementChild;
        add(some);
        last?.nextElementSibling?.querySelector('button')?.focus();
      });
    });
    const fold = h('details', { 'data-fold': id }, h('summary', {}, title(count)), list, more);
    fold.addEventListener('toggle', () => {
      if (fold.open && !drawn) add(rows);
    });
    if (wasOpen || isOpen) {
      add(rows);
      fold.open = true;
    }
    return [fold];
  }

  #row({ number, name, why, note, kind, used, start, end }: Row): HTMLElement {
    const place = h(
      'button',
      { type: 'button', class: 'place', onclick: () => this.#editor.select(start.offset, end.offset) },
      name,
    );
    return h(
      'li',
      { value: number + 1, class: used ? 'part' : 'part is-unused' },
      place,
      this.#kind(number, name, kind as SourceId | undefined),
      !!kind &&
        !used &&
        h(
          'button',
          { type: 'button', class: 'quiet take', onclick: () => this.#correct(number, kind as SourceId) },
          t('page.parts.take'),
        ),
      h('span', { class: 'part-why' }, ...inline(note ?? why)),
    );
  }

  /** What a part is. The list to choose from is made when it is asked for: a post may have thousands of parts. */
  #kind(number: number, name: string, kind: SourceId | undefined): HTMLElement {
    const own = this.panes.find(({ id }) => id === kind)?.title ?? t('page.parts.nothing');
    const label = t('page.parts.kind', { name });
    const choose = () => {
      const choice = h(
        'select',
        { class: 'kind', 'aria-label': label, 'data-part': number },
        ...this.panes.map(({ id, title }) => h('option', { value: id, selected: id === kind }, title)),
        h('option', { value: '', selected: !kind }, t('page.parts.nothing')),
      );
      choice.addEventListener('change', () => this.#correct(number, (choice.value || null) as Correction['kind']));
      button.replaceWith(choice);
      choice.focus();
    };
    const button = h(
      'button',
      { type: 'button', class: 'kind', 'aria-label': `${label} ${own}`, 'data-part': number, onclick: choose },
      own,
    );
    return button;
  }

  #correct(number: number, kind: Correction['kind']): void {
    this.#corrections.set(number, kind);
    void this.read();
  }
}
