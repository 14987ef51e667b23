import { createHash } from 'node:crypto';
import { defineConfig } from 'vite';

/** The catalogue also holds the wordings of the rules, which the package brings along: the page takes its own ones only. */
const pageWordings = {
  name: 'page-wordings',
  enforce: 'pre',
  transform(code, id) {
    if (!/[\\/]locales[\\/][^\\/]+\.json$/.test(id)) return null;
    const own = Object.entries(JSON.parse(code)).filter(([name]) => name.startsWith('page.'));
    return { code: JSON.stringify(Object.fromEntries(own)), map: null };
  },
};

/**
 * Puts the script and the style sheet into the page, and the script's hash into its policy: no other script runs, and there is
 * nothing that the page may fetch, not even from its own folder. A classic script runs from a saved file too, where browsers
 * load no modules.
 */
const onePage = {
  name: 'one-page',
  enforce: 'post',
  generateBundle(_, bundle) {
    const files = Object.values(bundle);
    const page = files.find(({ fileName }) => fileName === 'index.html');
    const script = files.find(({ type }) => type === 'chunk');
    const style = files.find(({ fileName }) => fileName.endsWith('.css'));
    // Within texts, the only places where the built script has these, `<` may be written so.
    const code = `\n${script.code.replaceAll(/<(?=!--|\/?script)/gi, '\\x3c')}`;
    const hash = createHash('sha256').update(code).digest('base64');
    page.source = page.source
      .replace(/\s*<script type="module"[^>]*><\/script>/, '')
      .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>\n${style.source}</style>`)
      .replace('{hash of the script}', `'sha256-${hash}'`)
      .replace('</body>', () => `<script>${code}</script>\n  </body>`);
    for (const { fileName } of [script, style]) delete bundle[fileName];
  },
};

export default defineConfig({
  base: './',
  plugins: [pageWordings, onePage],
  build: {
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: { output: { format: 'iife' } },
    // The wasm stands in the script on purpose (see src/core.ts).
    chunkSizeWarningLimit: 4096,
  },
});
