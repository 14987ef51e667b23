// The packed package as other people's programs have it. README.md lists them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import resolve from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';
import * as here from '../dist/index.js';
import { tell } from './sources/tell.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const project = join(folder, '.work');
const inProject = (...path) => join(project, ...path);
const ofPackage = (name, ...path) => join(folder, 'node_modules', name, ...path);
const program = (name) => ofPackage('.bin', name);
const nodes = { 20: ofPackage('node-20', 'bin/node'), 24: ofPackage('node-24', 'bin/node') };
const expected = tell(here);
// Each takes seconds; a machine with other work may take minutes.
const slow = { timeout: 600_000 };

/** Runs a program in the project; a failure shows all that it printed. */
async function run(file, ...args) {
  const environment = { ...process.env, DENO_NO_UPDATE_CHECK: '1', DO_NOT_TRACK: '1', NO_COLOR: '1' };
  delete environment.NODE_TEST_CONTEXT;
  try {
    return await promisify(execFile)(file, args, { cwd: project, env: environment, maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout ?? ''}`);
  }
}

/** The program prints the report, and nothing else. */
async function tells(file, ...args) {
  const { stdout, stderr } = await run(file, ...args);
  assert.deepEqual(JSON.parse(stdout), expected);
  assert.equal(stderr, '');
}

/** A page without a charset. */
function page(name, head) {
  mkdirSync(dirname(inProject(name)), { recursive: true });
  writeFileSync(inProject(name), `<!doctype html><title>A page</title>${head}\n`);
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const shared = {};

/** Serves the project. No answer names a charset; `?policy=` gives the page that Content-Security-Policy. */
async function serve() {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const path = inProject(decodeURIComponent(pathname));
    if (!existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const policy = searchParams.get('policy');
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      ...(policy && { 'content-security-policy': policy }),
    });
    createReadStream(path).pipe(response);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** Opens a page, and gives what it tells within a minute, or what went wrong in it. */
async function opened(address) {
  const context = await shared.browser.newContext();
  try {
    const opened = await context.newPage();
    const failed = new Promise((_, reject) => opened.on('pageerror', reject));
    failed.catch(() => {});
    await opened.goto(new URL(address, shared.site.address).href);
    const told = opened.waitForFunction(() => globalThis.told, undefined, { timeout: 60_000 });
    told.catch(() => {});
    return await (await Promise.race([told, failed])).jsonValue();
  } finally {
    await context.close();
  }
}

async function shows(address) {
  assert.deepEqual(await opened(address), expected);
}

before(async () => {
  rmSync(project, { recursive: true, force: true });
  cpSync(join(folder, 'sources'), project, { recursive: true });
  const npm = (...args) => run('npm', ...args, '--no-audit', '--no-fund', '--prefer-offline');
  writeFileSync(
    inProject('package.json'),
    '{"private": true, "type": "module", "browserslist": ["last 2 chrome versions"]}\n',
  );
  const { stdout } = await npm('pack', '../..', '--json');
  await npm('install', '--offline', `./${JSON.parse(stdout)[0].filename}`);
  shared.site = await serve();
  shared.browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
});
after(async () => {
  await shared.browser?.close();
  shared.site?.close();
  rmSync(project, { recursive: true, force: true });
});

test('the report that all are compared with says something in both languages', () => {
  assert.match(expected.en.verdict, /^Hermes uses /);
  assert.match(expected['zh-CN'].verdict, /^[^ -~]*Hermes.*\p{Script=Han}/u);
  assert.notDeepEqual(expected.en.findings, []);
});

for (const [release, node] of Object.entries(nodes)) {
  describe(`Node ${release}`, slow, () => {
    test('is of that release', async () =>
      assert.match((await run(node, '--version')).stdout, new RegExp(`^v${release}\\.`)));
    test('imports', () => tells(node, 'node.mjs'));
    test('requires', () => tells(node, 'node.cjs'));
    // Node 20 and 22 warn of JSON modules, which are not the package's.
    test('takes a compiled module', () => tells(node, '--disable-warning=ExperimentalWarning', 'precompiled.mjs'));
  });
}
test('Node 24 runs TypeScript', slow, () => tells(nodes[24], 'node.mts'));

describe('TypeScript', slow, () => {
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', 'sarif', '--target', 'es2022'];
  const tsc = (compiler, ...options) => run(process.execPath, ofPackage(compiler, 'bin/tsc'), ...strict, ...options);
  const compilers = [
    ['typescript-5', ['node16', 'nodenext', 'bundler', 'node10']],
    ['typescript-7', ['node16', 'nodenext', 'bundler']],
  ];
  for (const [compiler, resolutions] of compilers) {
    for (const resolution of resolutions) {
      const module = { bundler: 'preserve', node10: 'commonjs' }[resolution] ?? resolution;
      for (const kind of resolution === 'node10' ? ['ts'] : ['mts', 'cts']) {
        test(`${compiler} with ${resolution}, .${kind}`, async () => {
          const copies = ['types', 'types-of-wasm'].map((source) => {
            const copy = `${source}-${compiler}-${resolution}.${kind}`;
            const text = readFileSync(inProject(`${source}.ts`), 'utf8');
            // A file of wasm can only be imported, not required.
            const declared = kind === 'cts' ? 'declare const module: WebAssembly.Module;' : '$&';
            writeFileSync(inProject(copy), text.replace(/^import module .*$/m, declared));
            return copy;
          });
          await tsc(compiler, '--lib', 'es2022,dom', '--module', module, '--moduleResolution', resolution, ...copies);
        });
      }
    }
  }
  test('no library but that of the language is needed', () =>
    tsc('typescript-5', '--lib', 'es2022', '--module', 'nodenext', 'types.ts'));
});

describe('lints of packages', slow, () => {
  const tarball = async () => (await run('ls')).stdout.match(/poolcheck-.*\.tgz/)[0];
  test('publint', async () => {
    const { stdout } = await run(program('publint'), await tarball(), '--strict');
    assert.match(stdout, /All good!/);
  });
  test('arethetypeswrong', async () => {
    // The file of wasm is no module of JavaScript.
    await run(program('attw'), await tarball(), '--exclude-entrypoints', './poolcheck.wasm');
  });
});

describe('Vite', slow, () => {
  const options = { root: project, base: './', logLevel: 'error', configFile: false };
  const build = async (name) => {
    page(`vite-${name}.html`, `<script type="module" src="./${name}.js"></script>`);
    const input = inProject(`vite-${name}.html`);
    await vite.build({ ...options, build: { outDir: `vite-${name}`, rolldownOptions: { input } } });
    await shows(`vite-${name}/vite-${name}.html`);
  };
  test('page', () => build('page'));
  test('page with a module worker', async () => build('page-of-worker'));
  test('page that loads the wasm as a file', () => build('page-of-vite'));
  test('development server', async () => {
    page('vite-served.html', '<script type="module" src="./page.js"></script>');
    const server = await vite.createServer({
      ...options,
      cacheDir: inProject('vite-cache'),
      server: { port: 0, hmr: false },
    });
    try {
      await server.listen();
      await shows(`http://localhost:${server.httpServer.address().port}/vite-served.html`);
    } finally {
      await server.close();
    }
  });
});

describe('webpack', slow, () => {
  const build = async (entry, name, options) => {
    const stats = await promisify(webpack)({
      context: project,
      mode: 'production',
      performance: { hints: false },
      entry: `./${entry}`,
      output: { path: inProject(name), filename: 'bundle.js' },
      ...options,
    });
    assert.equal(stats.hasErrors() || stats.hasWarnings(), false, stats.toString());
  };
  for (const source of ['page', 'page-of-worker']) {
    test(source, async () => {
      await build(`${source}.js`, `webpack-${source}`, { target: 'web' });
      page(`webpack-${source}/index.html`, '<script src="bundle.js"></script>');
      await shows(`webpack-${source}/index.html`);
    });
  }
  test('node', async () => {
    await build('node.mjs', 'webpack-node', { target: 'node' });
    writeFileSync(inProject('webpack-node/package.json'), '{"type": "commonjs"}');
    await tells(nodes[24], 'webpack-node/bundle.js');
  });
});

describe('esbuild', slow, () => {
  const build = (options) =>
    esbuild.build({ absWorkingDir: project, bundle: true, minify: true, logLevel: 'error', ...options });
  for (const [name, options] of [
    ['classic script', { format: 'iife' }],
    ['classic script in UTF-8', { format: 'iife', charset: 'utf8' }],
    ['module', { format: 'esm' }],
  ]) {
    test(name, async () => {
      const file = `esbuild ${name}`;
      await build({ entryPoints: ['page.js'], outfile: `${file}.js`, ...options });
      page(`${file}.html`, `<script src="${file}.js" ${options.format === 'esm' ? 'type="module"' : ''}></script>`);
      await shows(`${file}.html`);
    });
  }
  test('node', async () => {
    await build({ entryPoints: ['node.mjs'], outfile: 'esbuild-node.cjs', platform: 'node', format: 'cjs' });
    await tells(nodes[20], 'esbuild-node.cjs');
  });
  test('leaves nothing of what is not called', async () => {
    const contents =
      "import { check } from 'poolcheck';\nimport { init } from 'poolcheck/wasm';\nglobalThis.told = 1;\n";
    const { outputFiles } = await build({ stdin: { contents, resolveDir: project }, format: 'esm', write: false });
    assert.equal(outputFiles[0].text, 'globalThis.told=1;\n');
  });
});

test('Rollup', slow, async () => {
  const bundle = await rollup({
    input: inProject('page.js'),
    plugins: [resolve()],
    onwarn: ({ message }) => assert.fail(message),
  });
  await bundle.write({ file: inProject('rollup.js'), format: 'iife' });
  await bundle.close();
  page('rollup.html', '<script src="rollup.js"></script>');
  await shows('rollup.html');
});

describe('Parcel', slow, () => {
  for (const source of ['page', 'page-of-worker']) {
    test(source, async () => {
      page(`parcel-${source}.html`, `<script type="module" src="./${source}.js"></script>`);
      const options = ['--no-cache', '--public-url', './', '--dist-dir', `parcel-${source}`];
      await run(process.execPath, program('parcel'), 'build', `parcel-${source}.html`, ...options);
      await shows(`parcel-${source}/parcel-${source}.html`);
    });
  }
});

describe('Deno', slow, () => {
  const offline = ['--node-modules-dir=manual', '--no-remote', '--no-lock', '--quiet'];
  test('checks', () => run(program('deno'), 'check', ...offline, 'types.ts'));
  test('runs JavaScript', () => tells(program('deno'), 'run', ...offline, 'node.mjs'));
  test('runs TypeScript', () => tells(program('deno'), 'run', '--check', ...offline, 'node.mts'));
});

describe('Bun', slow, () => {
  for (const source of ['node.mjs', 'node.cjs', 'node.mts']) {
    test(source, () => tells(program('bun'), '--no-install', source));
  }
  test('page', async () => {
    await run(program('bun'), 'build', 'page.js', '--target', 'browser', '--minify', '--outfile', 'bun.js');
    page('bun.html', '<script type="module" src="bun.js"></script>');
    await shows('bun.html');
  });
});

test('Workers', slow, async () => {
  await esbuild.build({
    absWorkingDir: project,
    entryPoints: { worker: 'workerd.js' },
    outdir: 'workerd',
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    logLevel: 'error',
  });
  // Miniflare wants Node 22.
  await tells(nodes[24], 'workerd-run.mjs');
});

describe('no tool', slow, () => {
  const dist = './node_modules/poolcheck/dist/';
  const imports = { poolcheck: `${dist}index.js`, 'poolcheck/wasm': `${dist}precompiled.js`, 'poolcheck/': dist };
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  test('module script with an import map', () => {
    page('map.html', `${map}<script type="module" src="page.js"></script>`);
    return shows('map.html');
  });
  test('wasm as a file', () => {
    page('wasm.html', `${map}<script type="module" src="page-of-wasm.js"></script>`);
    return shows('wasm.html');
  });
  test('module worker', () => {
    // Import maps are not for workers.
    for (const name of ['page-of-worker.js', 'worker.js']) {
      const source = readFileSync(inProject(name), 'utf8');
      const own = source.replace("'poolcheck'", `'${dist}index.js'`).replace('worker.js', 'own-worker.js');
      writeFileSync(inProject(`own-${name}`), own);
    }
    page('worker.html', '<script type="module" src="own-page-of-worker.js"></script>');
    return shows('worker.html');
  });
  test("Content-Security-Policy: 'wasm-unsafe-eval' is needed, and is enough", async () => {
    const own = readFileSync(inProject('page.js'), 'utf8').replace("'poolcheck'", `'${dist}index.js'`);
    writeFileSync(inProject('own-page.js'), own);
    page('policy.html', '<script type="module" src="own-page.js"></script>');
    const under = (sources) => `policy.html?policy=${encodeURIComponent(`default-src 'none'; script-src ${sources}`)}`;
    await assert.rejects(opened(under("'self'")), /WebAssembly/);
    await shows(under("'self' 'wasm-unsafe-eval'"));
  });
});
