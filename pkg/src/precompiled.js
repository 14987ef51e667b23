// The entry of runtimes that only run wasm which was compiled before, and of pages that load the wasm as a file.

import { around } from './core.js';

let compiled;

export function init(module) {
  if (!(module instanceof WebAssembly.Module)) {
    throw new TypeError('poolcheck: `module` must be a WebAssembly.Module');
  }
  compiled = module;
}

export const {
  check,
  applySafeFixes,
  split,
  checkPost,
  applyFixes,
  explainRule,
  rules,
  releases,
  markdown,
  sarif,
  redact,
  keySpans,
  openFiles,
} = /* @__PURE__ */ around(() => {
  if (!compiled) throw new Error('poolcheck: call `init` with the compiled module of `poolcheck/poolcheck.wasm` first');
  return compiled;
});
