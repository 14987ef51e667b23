// Calls into the worker that holds the core, and its replacement when it does not answer.
//
// The worker is made from a blob that holds the wasm too: the page's Content-Security-Policy binds a worker made
// so, and would not bind one that is loaded from an address.

import type * as poolcheck from '../../pkg/dist/index.js';
import type { own } from './bounded.ts';
import CoreWorker from './worker.ts?worker&inline';

type Surface = typeof poolcheck & typeof own;
type Name = keyof Surface;

export type Call = { id: number; name: Name; values: unknown[] };
export type Answer = { id: number; value: unknown } | { id: number; error: string };

/** The worker was given up: it did not answer in time, or broke. */
export class Hung extends Error {}

/** How long an answer may take, in milliseconds, and how much longer for each character that is asked about. */
const patience = 5000;
const perCharacter = 0.005;

type Waiting = { resolve: (value: never) => void; reject: (error: Error) => void; most: number; timer: number };

export class Core {
  #worker: Worker | undefined;
  #waiting = new Map<number, Waiting>();
  #last = 0;

  /** Calls a function of the package in the worker. Rejects with `Hung` where no answer comes. */
  call<Called extends Name>(
    name: Called,
    ...values: Parameters<Surface[Called]>
  ): Promise<ReturnType<Surface[Called]>> {
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      const most = patience + lengthOf(values) * perCharacter;
      this.#waiting.set(id, { resolve, reject, most, timer: window.setTimeout(() => this.#replace(), most) });
      this.#running().postMessage({ id, name, values } satisfies Call);
    });
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new CoreWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      if (!waiting) return;
      this.#waiting.delete(data.id);
      clearTimeout(waiting.timer);
      // It works on the next one only now.
      for (const other of this.#waiting.values()) {
        clearTimeout(other.timer);
        other.timer = window.setTimeout(() => this.#replace(), other.most);
      }
      if ('error' in data) waiting.reject(new Error(data.error));
      else waiting.resolve(data.value as never);
    });
    worker.addEventListener('error', () => {
      if (worker === this.#worker) this.#replace();
    });
    this.#worker = worker;
    return worker;
  }

  #replace(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const given = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of given) {
      clearTimeout(timer);
      reject(new Hung());
    }
  }
}

/** How many characters the texts in `values` have. */
function lengthOf(values: unknown[]): number {
  return values.reduce<number>((length, value) => {
    if (typeof value === 'string') return length + value.length;
    return value && typeof value === 'object' ? length + lengthOf(Object.values(value)) : length;
  }, 0);
}
