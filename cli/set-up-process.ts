import { setFlagsFromString } from 'node:v8';

/** Threads of the pool beside those that run models: files, compression, loads. */
const otherThreads = 4;

/**
 * Fits this process to a server of `runs` runs at once. To be called before anything is read or run on another thread.
 */
export function setUpProcess(runs: number): void {
  // Runs share the pool of libuv, which has four threads by default; it looks here when it is first used.
  process.env.UV_THREADPOOL_SIZE ??= String(runs + otherThreads);
  // Bodies lie outside V8's heap, but bring about its collections: on a heap as small as ours, many in a second.
  setFlagsFromString('--heap-growing-percent=400');
}
