// Keys in an editor are hidden but on the line that has the focus. Where they stand is said by the core.

import { type ChangeDesc, Facet, Prec, type Range, StateEffect } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';
import { h } from './dom.ts';

/** Where keys stand in the document: start and end of each, in order. */
export const setKeys = StateEffect.define<Uint32Array>();

/** What a hidden key is called. */
export const keyName = Facet.define<string, string>({ combine: (names) => names[0] ?? '' });

/** New text of at least this length, which was pasted rather than typed, is blurred until its keys are known. */
const pasted = 8;

class HiddenKey extends WidgetType {
  constructor(private readonly name: string) {
    super();
  }

  override eq(other: HiddenKey): boolean {
    return other.name === this.name;
  }

  override toDOM(): HTMLElement {
    return h('span', { class: 'hidden-key', role: 'img', 'aria-label': this.name, title: this.name }, '••••••••');
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

class Masks {
  decorations: DecorationSet = Decoration.none;
  #keys: Uint32Array = new Uint32Array();
  /** What changed since the keys were looked for. */
  #changes: ChangeDesc | undefined;

  update(update: ViewUpdate): void {
    const { docChanged, viewportChanged, selectionSet, focusChanged, startState, state } = update;
    let isNew = docChanged || viewportChanged || selectionSet || focusChanged;
    isNew ||= startState.facet(keyName) !== state.facet(keyName);
    if (docChanged) this.#changes = this.#changes?.composeDesc(update.changes.desc) ?? update.changes.desc;
    for (const effect of update.transactions.flatMap(({ effects }) => effects)) {
      if (!effect.is(setKeys)) continue;
      this.#keys = effect.value;
      this.#changes = undefined;
      isNew = true;
    }
    if (isNew) this.decorations = Decoration.set(this.#visible(update.view), true);
  }

  #visible(view: EditorView): Range<Decoration>[] {
    const { doc, selection } = view.state;
    const here = view.hasFocus ? doc.lineAt(selection.main.head) : undefined;
    const hidden = Decoration.replace({ widget: new HiddenKey(view.state.facet(keyName)) });
    // It begins behind the marks of the same place and ends before them, so that they stand around it.
    hidden.startSide += 2;
    hidden.endSide -= 2;
    const ranges: Range<Decoration>[] = [];
    const add = (decoration: Decoration, from: number, to: number) => {
      // A key may go on in another line, and a line break is never hidden.
      for (let start = from; start < to; ) {
        const line = doc.lineAt(start);
        const end = Math.min(line.to, to);
        if (line.from !== here?.from && start < end) ranges.push(decoration.range(start, end));
        start = line.to + 1;
      }
    };
    const changes = this.#changes;
    const back = changes?.invertedDesc;
    for (const { from, to } of view.visibleRanges) {
      const [first, last] = back ? [back.mapPos(from, -1), back.mapPos(to, 1)] : [from, to];
      for (let at = firstBehind(this.#keys, first); at < this.#keys.length; at += 2) {
        const [start, end] = [this.#keys[at] ?? 0, this.#keys[at + 1] ?? 0];
        if (start >= last) break;
        add(hidden, changes?.mapPos(start, 1) ?? start, changes?.mapPos(end, -1) ?? end);
      }
      changes?.iterChangedRanges((_, __, start, end) => {
        if (end - start >= pasted) add(unread, Math.max(start, from), Math.min(end, to));
      });
    }
    return ranges;
  }
}

const unread = Decoration.mark({ class: 'unread' });

export const masks = Prec.highest(ViewPlugin.fromClass(Masks, { decorations: ({ decorations }) => decorations }));

/** The place in `keys` of the first key that ends behind `offset`. */
export function firstBehind(keys: Uint32Array, offset: number): number {
  let [low, high] = [0, keys.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle * 2 + 1] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low * 2;
}
