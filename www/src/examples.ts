// The gallery: worlds from the corpus that the core's tests also use, in the order in which the page offers them.

import { h } from './dom.ts';
import { t } from './language.ts';
import type { MessageId } from './messages.ts';
import type { SourceId } from './sources.ts';

const files = import.meta.glob<string>(
  [
    '../../tests/corpus/*/{config.yaml,dotenv,auth.json,jobs.json,environ,listing,log,commands,report,now}',
    '!**/{defaults,*-env-row}/*',
  ],
  { query: '?raw', import: 'default', eager: true },
);

const fileNames: Record<SourceId, string> = {
  config: 'config.yaml',
  dotenv: 'dotenv',
  authStore: 'auth.json',
  jobs: 'jobs.json',
  environ: 'environ',
  listing: 'listing',
  log: 'log',
  commands: 'commands',
  debugReport: 'report',
};

export type Example = { texts: Partial<Record<SourceId, string>>; now: number | undefined };

const gallery: { name: string; title: MessageId; about: MessageId }[] = [
  { name: 'forum-indented', title: 'page.example.forum-indented', about: 'page.example.forum-indented.about' },
  { name: 'forum-flattened', title: 'page.example.forum-flattened', about: 'page.example.forum-flattened.about' },
  { name: 'forum-bulleted', title: 'page.example.forum-bulleted', about: 'page.example.forum-bulleted.about' },
  { name: 'corrected-setup', title: 'page.example.corrected-setup', about: 'page.example.corrected-setup.about' },
  { name: 'manual-rows-only', title: 'page.example.manual-rows-only', about: 'page.example.manual-rows-only.about' },
  { name: 'stale-pool-row', title: 'page.example.stale-pool-row', about: 'page.example.stale-pool-row.about' },
  { name: 'one-key-cooldown', title: 'page.example.one-key-cooldown', about: 'page.example.one-key-cooldown.about' },
];

function example(name: string): Example {
  const read = (file: string) => files[`../../tests/corpus/${name}/${file}`];
  const texts: Example['texts'] = {};
  for (const [source, file] of Object.entries(fileNames)) {
    const text = read(file);
    if (text !== undefined) texts[source as SourceId] = text;
  }
  const now = read('now');
  return { texts, now: now === undefined ? undefined : Number(now) };
}

export function exampleList(open: (example: Example) => void): HTMLElement {
  return h(
    'ul',
    { class: 'gallery' },
    ...gallery.map(({ name, title, about }) =>
      h(
        'li',
        {},
        h(
          'button',
          { type: 'button', 'data-example': name, onclick: () => open(example(name)) },
          h('strong', {}, t(title)),
          h('span', {}, t(about)),
        ),
      ),
    ),
  );
}
