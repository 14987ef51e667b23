// The entry of every runtime. The wasm is instantiated at the first call and without a promise: importing
// costs nothing, and no call has to be awaited.

import * as glue from './glue.js';
import { wasm } from './wasm.js';

let started = false;

function core() {
  if (!started) {
    const bytes = Uint8Array.from(wasm, (character) => character.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { './poolcheck_bg.js': glue });
    glue.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
    started = true;
  }
  return glue;
}

export const check = (input, options) => core().check(input, options);
export const applySafeFixes = (input, options) => core().applySafeFixes(input, options);
export const split = (text, language, corrections) => core().split(text, language, corrections);
export const applyFixes = (input, findingIds, options) => core().applyFixes(input, findingIds, options);
export const explainRule = (code, language) => core().explainRule(code, language);
export const rules = (language) => core().rules(language);
export const releases = (language) => core().releases(language);
export const markdown = (input, options) => core().markdown(input, options);
export const redact = (text) => core().redact(text);
export const keySpans = (text) => core().keySpans(text);
export const openFiles = (files) => core().openFiles(files);
