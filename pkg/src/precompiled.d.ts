export * from './index.js';

/**
 * Takes the compiled module of `poolcheck/poolcheck.wasm`. It has to be called before any other function, and costs nothing:
 * the module is instantiated at the first call.
 *
 * Throws a `TypeError` where `module` is no `WebAssembly.Module`.
 */
export function init(module: WebAssembly.Module): void;
