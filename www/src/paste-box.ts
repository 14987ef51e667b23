// One box for a text in which anything may stand. The core finds its parts; the box shows them, and says what the user says of
// them.

import type { Correction, PartView, Pasted } from '../../pkg/dist/index.js';
import { byId, h } from './dom.ts';
import type { Pane } from './editors.ts';
import { t } from './language.ts';
import { inline } from './markdown.ts';
import type { SourceId } from './sources.ts';

const pause = 200;

type Split = (text: string, corrections: Correction[]) => Promise<Pasted>;

export class PasteBox {
  #text = byId<HTMLTextAreaElement>('anything');
  #parts = byId('parts');
  /** The panes' texts before this paste; they come back where it says nothing of them, and when it is taken back. */
  #before: Map<SourceId, string> | undefined;
  #corrections = new Map<number, Correction['kind']>();
  #pasted: Pasted | undefined;
  #asked = 0;
  #timer = 0;

  constructor(
    private readonly panes: Pane[],
    private readonly split: Split,
    private readonly said: (words: string) => void,
    private readonly complain: (error: unknown) => void,
  ) {
    this.#text.addEventListener('input', () => {
      this.#corrections.clear();
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.read(), pause);
    });
    byId('take-back').addEventListener('click', () => this.#takeBack());
  }

  /** Empties the box and leaves the panes as they are. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#text.value = '';
    this.#before = undefined;
    this.#pasted = undefined;
    this.#corrections.clear();
    this.#draw();
  }

  /** Finds the parts of what is written, anew where the language changes, and fills the panes. */
  async read(): Promise<void> {
    const asking = ++this.#asked;
    const text = this.#text.value;
    if (!text.trim()) {
      if (this.#before) this.#takeBack();
      return;
    }
    try {
      const corrections = [...this.#corrections].map(([part, kind]) => ({ part, kind }));
      const pasted = await this.split(text, corrections);
      if (asking !== this.#asked) return;
      this.#before ??= new Map(this.panes.map(({ id, text }) => [id, text]));
      this.#pasted = pasted;
      for (const pane of this.panes) this.#fill(pane, pasted.texts[pane.id] ?? this.#before.get(pane.id) ?? '');
      this.#draw();
      const names = pasted.parts.filter(({ used }) => used).map(({ name }) => name);
      this.said(names.length ? t('page.parts.found', { names: names.join('; ') }) : t('page.parts.none'));
    } catch (error) {
      if (asking === this.#asked) this.complain(error);
    }
  }

  #fill(pane: Pane, text: string): void {
    if (pane.text !== text) pane.write(text);
  }

  #takeBack(): void {
    for (const pane of this.panes) this.#fill(pane, this.#before?.get(pane.id) ?? '');
    this.clear();
    this.#text.focus();
    this.said(t('page.parts.taken-back'));
  }

  #draw(): void {
    const parts = this.#pasted?.parts ?? [];
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('#parts [data-part]')?.dataset
      .part;
    const rows = parts.map((part, number) => ({ part, row: this.#row(part, number) }));
    const known = rows.filter(({ part }) => part.kind && part.used);
    const unused = rows.filter(({ part }) => part.kind && !part.used);
    const other = rows.filter(({ part }) => !part.kind);
    const folded = (id: string, title: string, some: typeof rows, isOpen = false) => {
      const wasOpen = this.#parts.querySelector<HTMLDetailsElement>(`[data-fold="${id}"]`)?.open ?? false;
      const list = h('ol', {}, ...some.map(({ row }) => row));
      return some.length ? [h('details', { open: wasOpen || isOpen, 'data-fold': id }, h('summary', {}, title), list)] : [];
    };
    byId('take-back').hidden = !parts.length;
    this.#parts.replaceChildren(
      ...(parts.length && !known.length ? [h('p', {}, t('page.parts.none'))] : []),
      ...(known.length ? [h('ol', {}, ...known.map(({ row }) => row))] : []),
      ...folded('unused', t('page.parts.unused', { count: unused.length }), unused),
      ...folded('other', t('page.parts.other', { count: other.length }), other, !known.length),
    );
    if (focused !== undefined) this.#parts.querySelector<HTMLElement>(`select[data-part="${focused}"]`)?.focus();
  }

  #row(part: PartView, number: number): HTMLElement {
    const { name, why, note, kind, start, end } = part;
    const kinds = this.panes.map(({ id, title }) => h('option', { value: id, selected: id === kind }, title));
    const choice = h(
      'select',
      { 'aria-label': t('page.parts.kind', { name }), 'data-part': number },
      ...kinds,
      h('option', { value: '', selected: !kind }, t('page.parts.nothing')),
    );
    choice.addEventListener('change', () => {
      this.#corrections.set(number, (choice.value || null) as Correction['kind']);
      void this.read();
    });
    const place = h('button', { type: 'button', class: 'place' }, name);
    place.addEventListener('click', () => {
      this.#text.focus();
      this.#text.setSelectionRange(start.offset, end.offset);
    });
    return h(
      'li',
      { value: number + 1, class: part.used ? 'part' : 'part is-unused' },
      place,
      choice,
      h('span', { class: 'part-why' }, ...inline(note ?? why)),
    );
  }
}

