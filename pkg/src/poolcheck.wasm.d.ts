/** The module, as bundlers of Workers hand it out. */
declare const module: WebAssembly.Module;
export default module;
