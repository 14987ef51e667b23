// An editor for a pasted text. Keys in it are hidden; a text that is too long for an editor is held whole and shown in part.

import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Annotation, Compartment, EditorState, type Extension, type StateEffect, Transaction } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { h } from './dom.ts';
import { size, t } from './language.ts';
import { firstBehind, keyName, masks, setKeys } from './masks.ts';

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-name)' },
  { tag: [tags.string, tags.content, tags.literal], color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: 'var(--code-value)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--code-comment)' },
  { tag: [tags.punctuation, tags.separator, tags.operator, tags.meta], color: 'var(--code-mark)' },
]);

/** Texts with more than this are shown in part: an editor would stand still while it takes them in. */
const longest = { characters: 1 << 20, lines: 20_000, line: 50_000 };
/** How much of such a text is shown at once. */
const shown = { characters: 40_000, lines: 400 };
const pause = 100;

/** Marks a change of the document that is none of the text. */
const turn = Annotation.define<boolean>();

/** Where keys stand in a text, in the worker. */
export type FindKeys = (text: string) => Promise<Uint32Array>;

function isLong(text: string): boolean {
  if (text.length > longest.characters) return true;
  if (text.length < longest.lines) return false;
  for (let lines = 0, at = 0; ; lines++) {
    const end = text.indexOf('\n', at);
    if ((end < 0 ? text.length : end) - at > longest.line || lines > longest.lines) return true;
    if (end < 0) return false;
    at = end + 1;
  }
}

/** A part of a long text: from where to where, and the number of its first line. */
type Window = { from: number; to: number; line: number };

export class Editor {
  readonly view: EditorView;
  /** The editor, and above it what is said of a text that is shown in part. */
  readonly dom: HTMLElement;
  /** A long text, of which the document is the part `#window`. */
  #whole: string | undefined;
  #window: Window = { from: 0, to: 0, line: 0 };
  #bar = h('div', { class: 'part-bar', hidden: true });
  #text: string | undefined = '';
  /** Where keys stand in the text, where that is known: until then new text is blurred. */
  #keys: Uint32Array | undefined;
  #changes = 0;
  #asking = false;
  #timer = 0;
  #wording = new Compartment();
  #numbers = new Compartment();
  #writable = new Compartment();

  constructor(
    own: Extension,
    private readonly findKeys: FindKeys,
    private readonly changed: () => void,
    /** Another part of a long text is shown. */
    private readonly turned: () => void = () => {},
  ) {
    this.view = new EditorView({
      state: EditorState.create({
        extensions: [
          this.#wording.of([]),
          this.#numbers.of(lineNumbers()),
          this.#writable.of([]),
          history(),
          // A no-break or ideographic space looks like an indentation and is none.
          highlightSpecialChars({ addSpecialChars: /[\u00a0\u3000]/g }),
          syntaxHighlighting(colours),
          masks,
          own,
          keymap.of([...historyKeymap, ...defaultKeymap]),
          EditorView.domEventHandlers({ paste: (event) => this.#pasted(event) }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((each) => each.annotation(turn))) return;
            this.#text = undefined;
            this.#isChanged();
          }),
        ],
      }),
    });
    this.dom = h('div', { class: 'editor' }, this.#bar, this.view.dom);
  }

  get text(): string {
    this.#text ??= this.#whole ?? this.view.state.doc.toString();
    return this.#text;
  }

  /** Replaces the text. Only what differs is changed, so that undo and places stay useful. */
  write(text: string, reveal = false): void {
    const old = this.text;
    if (text === old) return;
    let start = 0;
    while (start < old.length && start < text.length && old[start] === text[start]) start++;
    if (this.#whole !== undefined || isLong(text)) {
      this.#hold(text, reveal ? start : 0);
      return;
    }
    let end = 0;
    const most = Math.min(old.length, text.length) - start;
    while (end < most && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
    const insert = text.slice(start, text.length - end);
    this.view.dispatch({
      changes: { from: start, to: old.length - end, insert },
      // One undo takes back this and nothing else.
      annotations: isolateHistory.of('full'),
    });
    if (reveal) this.select(start, start + insert.length);
  }

  /** Takes a text that is, or follows upon, a long one. */
  #hold(text: string, at: number): void {
    this.#text = text;
    this.#keys = undefined;
    this.#isChanged();
    if (isLong(text)) {
      this.#whole = text;
      this.#window = { from: 0, to: 0, line: 0 };
      this.#turnTo(this.#windowAt(at));
    } else {
      this.#whole = undefined;
      this.#turnTo({ from: 0, to: text.length, line: 0 });
    }
  }

  /** The part of the long text around `offset`. */
  #windowAt(offset: number): Window {
    const text = this.#whole ?? '';
    let from = offset;
    for (let lines = 0; from > 0 && offset - from < shown.characters / 4 && lines < shown.lines / 4; lines++) {
      from = text.lastIndexOf('\n', from - 2) + 1;
    }
    return this.#windowFrom(Math.max(from, offset - shown.characters / 4));
  }

  #windowFrom(from: number): Window {
    const text = this.#whole ?? '';
    let to = from;
    for (let lines = 0; to < text.length && to - from < shown.characters && lines < shown.lines; lines++) {
      const end = text.indexOf('\n', to);
      to = end < 0 ? text.length : end + 1;
    }
    to = Math.min(to, from + shown.characters);
    return { from, to, line: this.#lineAt(from) };
  }

  /** The number of the line at `offset`, from 0, counted from the nearest place where it is known. */
  #lineAt(offset: number): number {
    const text = this.#whole ?? '';
    const { from, line } = this.#window;
    const breaks = (start: number, end: number) => {
      let count = 0;
      for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
      return count;
    };
    if (offset >= from) return line + breaks(from, offset);
    return offset < from / 2 ? breaks(0, offset) : line - breaks(offset, from);
  }

  #turnTo(window: Window): void {
    const text = this.#whole;
    const isPart = text !== undefined;
    this.#window = window;
    this.view.dispatch({
      changes: {
        from: 0,
        to: this.view.state.doc.length,
        insert: (text ?? this.#text ?? '').slice(window.from, window.to),
      },
      effects: [
        this.#numbers.reconfigure(lineNumbers({ formatNumber: (number) => String(number + window.line) })),
        this.#writable.reconfigure(isPart ? EditorState.readOnly.of(true) : []),
        ...this.#keysShown(),
      ],
      annotations: [turn.of(true), Transaction.addToHistory.of(false)],
    });
    this.#drawBar();
    if (isPart) this.turned();
  }

  /** Hides the keys in the part that is shown. */
  #keysShown(): StateEffect<Uint32Array>[] {
    const { from, to } = this.#window;
    const keys = this.#keys;
    if (!keys || this.#whole === undefined) return keys ? [setKeys.of(keys)] : [];
    const own = keys.subarray(firstBehind(keys, from), firstBehind(keys, to) + 2);
    return [setKeys.of(own.map((offset) => Math.min(Math.max(offset, from), to) - from))];
  }

  #drawBar(): void {
    const text = this.#whole;
    this.#bar.hidden = text === undefined;
    if (text === undefined) {
      this.#bar.replaceChildren();
      return;
    }
    const { from, to, line } = this.#window;
    const button = (words: string, isOn: boolean, onclick: () => void) =>
      h('button', { type: 'button', class: 'quiet', disabled: !isOn, onclick }, words);
    this.#bar.replaceChildren(
      h('span', {}, t('page.long', { size: size(text.length), line: line + 1 })),
      button(t('page.long.earlier'), from > 0, () => this.#turnTo(this.#windowAt(Math.max(0, from - 1)))),
      button(t('page.long.later'), to < text.length, () => this.#turnTo(this.#windowFrom(to))),
      button(t('page.long.remove'), true, () => {
        this.write('');
        this.view.focus();
      }),
    );
  }

  /** A long text is taken from the clipboard before the browser puts it into the page. */
  #pasted(event: ClipboardEvent): boolean {
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    if (!pasted) return false;
    if (this.#whole !== undefined) {
      // What is shown in part cannot be edited; what is pasted comes in its place.
      this.write(withLineFeeds(pasted));
      return true;
    }
    if (!isLong(pasted) && this.view.state.doc.length + pasted.length <= longest.characters) return false;
    const { from, to } = this.view.state.selection.main;
    const old = this.text;
    this.#hold(old.slice(0, from) + withLineFeeds(pasted) + old.slice(to), from);
    return true;
  }

  #isChanged(): void {
    this.#changes++;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#hideKeys(), this.#asking ? pause : 0);
    this.changed();
  }

  /** Has the keys looked for and hides them; one question at a time. */
  async #hideKeys(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const asked = this.#changes;
    try {
      const keys = this.text ? await this.findKeys(this.text) : new Uint32Array();
      if (asked === this.#changes) {
        this.#keys = keys;
        this.view.dispatch({ effects: this.#keysShown() });
      }
    } catch {
      // What is not known to be free of keys stays blurred.
    }
    this.#asking = false;
    if (asked !== this.#changes) {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#hideKeys(), pause);
    }
  }

  focus(): void {
    this.view.focus();
  }

  /** Selects a place of the text, and turns a long text to it. */
  select(from: number, to: number): void {
    if (this.#whole !== undefined && (from < this.#window.from || from > this.#window.to)) {
      this.#turnTo(this.#windowAt(Math.min(from, this.#whole.length)));
    }
    const [start, end] = this.clip(from, to);
    this.view.dispatch({
      selection: { anchor: start, head: end },
      effects: EditorView.scrollIntoView(start, { y: 'center' }),
    });
    this.view.focus();
  }

  /** The place of the document that shows a place of the text. */
  clip(from: number, to: number): [number, number] {
    const first = this.#whole === undefined ? 0 : this.#window.from;
    const clip = (offset: number) => Math.min(Math.max(offset - first, 0), this.view.state.doc.length);
    return [clip(from), clip(to)];
  }

  /** Whether a place is in the part that is shown. */
  shows(from: number, to: number): boolean {
    return this.#whole === undefined || (from < this.#window.to && to >= this.#window.from);
  }

  /** The cursor's place, where the editor has the focus. */
  get cursor(): number | undefined {
    if (!this.view.hasFocus) return undefined;
    return this.view.state.selection.main.from + (this.#whole === undefined ? 0 : this.#window.from);
  }

  reword(hint: string, attributes: Record<string, string>): void {
    this.view.dispatch({
      effects: this.#wording.reconfigure([
        placeholder(hint),
        keyName.of(t('page.hidden-key')),
        EditorView.contentAttributes.of(attributes),
      ]),
    });
    this.#drawBar();
  }
}

/** Lines as editors keep them: ended by a line feed. */
export function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
