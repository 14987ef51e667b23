// The entry of every runtime that compiles wasm at run time. It does so at the first call: importing costs nothing.

import { around } from './core.js';
import { wasm } from './wasm.js';

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
} = /* @__PURE__ */ around(() => new WebAssembly.Module(wasm()));
