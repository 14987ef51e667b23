// The entry with a compiled module, whose type is in a library: here that of pages.

import module from 'poolcheck/poolcheck.wasm';
import { check, init } from 'poolcheck/wasm';
import type { Report } from 'poolcheck/wasm';

init(module);
export const report: Report = check({});
// @ts-expect-error: there has to be a module.
init(undefined);
