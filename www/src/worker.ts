// The core, off the page's own thread. A call is answered in the order in which it came.

import * as poolcheck from '../../pkg/dist/index.js';
import { own } from './bounded.ts';
import type { Answer, Call } from './core.ts';

const surface = { ...poolcheck, ...own };

self.addEventListener('message', ({ data }: MessageEvent<Call>) => {
  const call = surface[data.name] as (...values: unknown[]) => unknown;
  let answer: Answer;
  try {
    answer = { id: data.id, value: call(...data.values) };
  } catch (error) {
    // After these the core's memory may be in disorder; the page makes a new worker when one of them gets out.
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) throw error;
    answer = { id: data.id, error: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(answer);
});
