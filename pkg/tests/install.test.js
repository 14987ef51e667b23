// The packed package as somebody else's project has it.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'poolcheck-'));
const use = `
  const report = check({ config: 'model: {provider: gemini}' }, { now: 0 });
  console.log(report.hermes.version, typeof report.verdict.summary, rules().length > 0);
`;

before(() => {
  const options = { shell: process.platform === 'win32', stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' };
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    ...options,
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', JSON.parse(packed)[0].filename], {
    ...options,
    cwd: folder,
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

function runs(name, script) {
  writeFileSync(join(folder, name), script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [name], { cwd: folder, encoding: 'utf8' });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '0.19.0 string true\n', stderr: '' });
}

test('works with import', () => runs('use.mjs', `import { check, rules } from 'poolcheck';${use}`));

test('works with require, and warns of nothing', () =>
  runs('use.cjs', `const { check, rules } = require('poolcheck');${use}`));
