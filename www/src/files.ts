// Files and texts that come from outside: dropped or pasted anywhere on the page, or opened with the button. What each is, is
// said by the core; here they are read.

import type { OpenedFiles } from '../../pkg/dist/index.js';
import type { ReadFile } from './bounded.ts';
import { byId } from './dom.ts';
import { t } from './language.ts';

/** What the core takes of all texts together, in bytes. */
export const longestInput = 320 << 10;
/** What is read of a longer log: beside it the other files have to find room. */
const longestTail = 256 << 10;

/** A length in bytes as people read it. */
export const kib = (bytes: number): string => `${bytes >> 10} KiB`;
/** How many files are looked at: somebody may drop a whole disk. */
const mostFiles = 1000;

export type ReadText = { name: string; text: string };
/** What came of reading files. */
export type Reading = { texts: ReadText[]; notes: string[]; isHome: boolean };

export type Desk = {
  /** The bytes of a file as text. */
  read: (bytes: ArrayBuffer) => Promise<ReadFile>;
  /** What files are by their names. */
  known: (files: ReadText[]) => Promise<OpenedFiles>;
  take: (reading: Reading) => Promise<void>;
  /** A text that was dropped or pasted where no editor is. */
  text: (text: string) => void;
  complain: (error: unknown) => void;
};

type Found = { path: string; file: File };

export function takeFiles(desk: Desk): void {
  const opener = byId<HTMLInputElement>('open-files');
  byId('open').addEventListener('click', () => opener.click());
  opener.addEventListener('change', () => {
    const files = [...(opener.files ?? [])].map((file): Found => ({ path: file.name, file }));
    opener.value = '';
    void open(files, false);
  });

  async function open(found: Found[], isHome: boolean): Promise<void> {
    try {
      if (found.length) await desk.take({ ...(await readAll(found, desk)), isHome });
    } catch (error) {
      desk.complain(error);
    }
  }

  async function drop(data: DataTransfer): Promise<void> {
    // The browser takes the list away as soon as this waits for something.
    const entries = [...data.items].map((item) => item.webkitGetAsEntry());
    const files = [...data.files].map((file): Found => ({ path: file.name, file }));
    const folders = entries.filter((entry) => entry?.isDirectory) as FileSystemDirectoryEntry[];
    const single = files.filter((_, at) => !entries[at]?.isDirectory);
    const inside = (await Promise.all(folders.map((folder) => ofHome(folder, desk)))).flat();
    if (!single.length && !inside.length && folders.length) {
      await desk.take({ texts: [], notes: [t('page.files.no-home')], isHome: false });
      return;
    }
    await open([...inside, ...single], inside.length > 0);
  }

  const isOf = (data: DataTransfer | null, type: string) => data?.types.includes(type) ?? false;
  const isEditable = (target: EventTarget | null) =>
    target instanceof Element && !!target.closest('.cm-content, input, textarea, select');

  // Before the editors, each of which would take a file as a text of its own.
  document.addEventListener(
    'dragover',
    (event) => {
      const { dataTransfer, target } = event;
      const hasFiles = isOf(dataTransfer, 'Files');
      if (!hasFiles && isEditable(target)) return;
      event.preventDefault();
      if (!dataTransfer) return;
      dataTransfer.dropEffect = 'copy';
      document.body.classList.toggle('is-dropping', hasFiles);
      if (hasFiles) event.stopPropagation();
    },
    true,
  );
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (!relatedTarget) document.body.classList.remove('is-dropping');
  });
  document.addEventListener(
    'drop',
    (event) => {
      document.body.classList.remove('is-dropping');
      const { dataTransfer, target } = event;
      if (isOf(dataTransfer, 'Files')) {
        event.preventDefault();
        event.stopPropagation();
        if (dataTransfer) void drop(dataTransfer).catch(desk.complain);
      } else if (!isEditable(target)) {
        event.preventDefault();
        const text = dataTransfer?.getData('text/plain');
        if (text) desk.text(text);
      }
    },
    true,
  );
  document.addEventListener(
    'paste',
    (event) => {
      const { clipboardData, target } = event;
      const text = clipboardData?.getData('text/plain');
      const files = [...(clipboardData?.files ?? [])];
      if (!text && files.length) {
        event.preventDefault();
        event.stopPropagation();
        void open(
          files.map((file) => ({ path: file.name, file })),
          false,
        );
      } else if (text && !isEditable(target)) {
        event.preventDefault();
        desk.text(text);
      }
    },
    true,
  );
}

/** The files as text, by their names, and what is to be said of the others. */
async function readAll(found: Found[], desk: Desk): Promise<Omit<Reading, 'isHome'>> {
  const texts: ReadText[] = [];
  const notes: string[] = [];
  const inOrder = [...found].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path, file } of inOrder.slice(0, mostFiles)) {
    // Of a log the end counts: what happened last.
    const isTail = /\.log(\.\d+)?$/i.test(path) && file.size > longestTail;
    if (file.size > longestInput * 2 && !isTail) {
      notes.push(t('page.files.too-long', { name: path, most: kib(longestInput) }));
      continue;
    }
    let bytes: ArrayBuffer;
    try {
      bytes = isTail ? await tailOf(file) : await file.arrayBuffer();
    } catch {
      notes.push(t('page.files.unreadable', { name: path }));
      continue;
    }
    const { text, isUtf16 } = await desk.read(bytes);
    if (text === undefined) notes.push(t('page.files.no-text', { name: path }));
    else if (isTooLong([text])) notes.push(t('page.files.too-long', { name: path, most: kib(longestInput) }));
    else {
      if (isTail) notes.push(t('page.files.tail', { name: path, most: kib(longestTail) }));
      if (isUtf16) notes.push(t('page.files.utf16', { name: path }));
      texts.push({ name: path, text });
    }
  }
  return { texts, notes };
}

/** The last lines of a file. */
async function tailOf(file: File): Promise<ArrayBuffer> {
  const bytes = await file.slice(-longestTail).arrayBuffer();
  return bytes.slice(new Uint8Array(bytes).indexOf(10) + 1);
}

/** Whether texts are together longer than the core takes, which counts bytes. */
export function isTooLong(texts: string[]): boolean {
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  if (units * 3 <= longestInput) return false;
  const encoder = new TextEncoder();
  return units > longestInput || texts.reduce((sum, text) => sum + encoder.encode(text).length, 0) > longestInput;
}

/** The files of Hermes in a folder: its own, those in `logs`, and those of a `.hermes` in it. */
async function ofHome(folder: FileSystemDirectoryEntry, desk: Desk): Promise<Found[]> {
  const entries = await listed(folder);
  const inner = entries.find(({ isDirectory, name }) => isDirectory && name === '.hermes');
  if (inner) return ofHome(inner as FileSystemDirectoryEntry, desk);
  const logs = entries.find(({ isDirectory, name }) => isDirectory && name === 'logs');
  const all = [...entries, ...(logs ? await listed(logs as FileSystemDirectoryEntry) : [])];
  const files = all.filter(({ isFile }) => isFile) as FileSystemFileEntry[];
  const { files: kinds } = await desk.known(files.map(({ name }) => ({ name, text: '' })));
  const known = files.filter((_, at) => kinds[at]?.used);
  return Promise.all(
    known.map(async (entry) => {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      return { path: entry.name, file };
    }),
  );
}

/** What is in a folder: the browser tells it piece by piece. */
async function listed(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length || all.length > mostFiles) return all;
    all.push(...some);
  }
}
