// The worlds of the corpus, which several tests check.

import { readFileSync, readdirSync } from 'node:fs';

/** The file of each text in a world's folder. */
export const files = {
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

/** The worlds, as inputs. */
export function worlds() {
  const corpus = new URL('../../tests/corpus/', import.meta.url);
  return readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const present = new Set(readdirSync(new URL(`${name}/`, corpus)));
      const input = {};
      for (const [source, file] of Object.entries(files)) {
        if (present.has(file)) input[source] = readFileSync(new URL(`${name}/${file}`, corpus), 'utf8');
      }
      return { name, input };
    });
}
