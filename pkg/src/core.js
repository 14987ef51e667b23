// The functions of the package around a compiled module, wherever it comes from.

import * as glue from './glue.js';

let started = false;

/**
 * The functions, which take the module from `compiled` at the first call. It is instantiated without a promise: no
 * call has to be awaited.
 */
export function around(compiled) {
  const core = () => {
    if (!started) {
      const instance = new WebAssembly.Instance(compiled(), { './poolcheck_bg.js': glue });
      glue.__wbg_set_wasm(instance.exports);
      instance.exports.__wbindgen_start();
      started = true;
    }
    return glue;
  };
  return {
    check: (input, options) => core().check(input, options),
    applySafeFixes: (input, options) => core().applySafeFixes(input, options),
    split: (text, language, corrections) => core().split(text, language, corrections),
    checkPost: (text, options, corrections) => core().checkPost(text, options, corrections),
    applyFixes: (input, findingIds, options) => core().applyFixes(input, findingIds, options),
    explainRule: (code, language) => core().explainRule(code, language),
    rules: (language) => core().rules(language),
    releases: (language) => core().releases(language),
    markdown: (input, options) => core().markdown(input, options),
    sarif: (input, options) => core().sarif(input, options),
    redact: (text) => core().redact(text),
    keySpans: (text) => core().keySpans(text),
    openFiles: (files) => core().openFiles(files),
  };
}
