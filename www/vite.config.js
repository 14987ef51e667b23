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

/** A classic script runs from a saved folder too, where browsers load no modules. */
const classicScript = {
  name: 'classic-script',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replaceAll(' crossorigin', '').replace('<script type="module"', '<script defer'),
  },
};

export default defineConfig({
  // Every address is relative: the folder works wherever it is put.
  base: './',
  plugins: [pageWordings, classicScript],
  build: {
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: { output: { format: 'iife' } },
    // The wasm stands in the script on purpose (see src/core.ts).
    chunkSizeWarningLimit: 4096,
  },
});
