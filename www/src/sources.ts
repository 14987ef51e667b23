// The texts that can be pasted, in the order of their panes.

import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import { StreamLanguage } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { SourceKind } from '../../pkg/dist/index.js';
import type { MessageId } from './messages.ts';

export type SourceId = Exclude<SourceKind, 'rootAuthStore'>;

export type Source = {
  id: SourceId;
  /** The name that everybody knows it by, or the message that names it. */
  title: string | MessageId;
  hint: MessageId;
  placeholder: MessageId;
  language: () => Extension;
  /** Whether it says how long something is left, as of when it was printed. */
  counts?: true;
};

/** Lines `NAME=value` with comments; a systemd unit's `[Section]` lines pass as comments. */
const assignments = StreamLanguage.define({
  name: 'assignments',
  token(stream) {
    if (stream.sol()) {
      stream.eatSpace();
      if (/^[#;[]/.test(stream.string.slice(stream.pos))) {
        stream.skipToEnd();
        return 'comment';
      }
      if (stream.match(/^export\s+/)) return 'keyword';
    }
    if (stream.match(/^[A-Za-z_]\w*(?=\s*=)/)) return 'propertyName';
    if (stream.match(/^=/)) return 'operator';
    stream.match(/^[^=]+/) || stream.next();
    return 'string';
  },
});

/** Rows and sentences are read whole; what is indented stays as it is. */
const wrapped = EditorView.lineWrapping;

export const sources: readonly Source[] = [
  {
    id: 'config',
    title: 'config.yaml',
    hint: 'page.hint.config',
    placeholder: 'page.placeholder.config',
    language: yaml,
  },
  {
    id: 'dotenv',
    title: '.env',
    hint: 'page.hint.dotenv',
    placeholder: 'page.placeholder.dotenv',
    language: () => assignments,
  },
  {
    id: 'authStore',
    title: 'auth.json',
    hint: 'page.hint.auth-store',
    placeholder: 'page.placeholder.auth-store',
    language: json,
  },
  {
    id: 'jobs',
    title: 'cron/jobs.json',
    hint: 'page.hint.jobs',
    placeholder: 'page.placeholder.jobs',
    language: json,
  },
  {
    id: 'environ',
    title: 'page.title.environ',
    hint: 'page.hint.environ',
    placeholder: 'page.placeholder.environ',
    language: () => assignments,
  },
  {
    id: 'listing',
    title: 'hermes auth list',
    hint: 'page.hint.listing',
    placeholder: 'page.placeholder.listing',
    language: () => wrapped,
    counts: true,
  },
  {
    id: 'log',
    title: 'page.title.log',
    hint: 'page.hint.log',
    placeholder: 'page.placeholder.log',
    language: () => wrapped,
  },
  {
    id: 'commands',
    title: 'page.title.commands',
    hint: 'page.hint.commands',
    placeholder: 'page.placeholder.commands',
    language: () => wrapped,
  },
  {
    id: 'debugReport',
    title: 'page.title.debug-report',
    hint: 'page.hint.debug-report',
    placeholder: 'page.placeholder.debug-report',
    language: () => wrapped,
  },
];
