new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }).addEventListener('message', ({ data }) => {
  globalThis.told = data;
});
