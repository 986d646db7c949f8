import { ServiceError } from '../src/protocol/service-error.ts';

// Room for the answer to leave before Lambda ends the process.
const reserveMs = 500;

/**
 * A signal that aborts shortly before `remainingMs` have passed, with 504 as its reason, and a promise that then
 * rejects with it. `restart` sets the time anew, from now on.
 */
export function timeLimit(remainingMs: number) {
  const controller = new AbortController();
  const passed = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  // Nobody may be waiting for it when it comes.
  passed.catch(() => undefined);
  let timer = begin(remainingMs);
  return {
    signal: controller.signal,
    passed,
    restart: (ms: number) => {
      clearTimeout(timer);
      timer = begin(ms);
    },
    end: () => clearTimeout(timer),
  };

  function begin(allMs: number) {
    const ms = Math.max(0, allMs - reserveMs);
    const seconds = (ms / 1000).toFixed(1);
    const words = `there was no answer within the ${seconds} s that were left; send less at once, or try again where a model was still loading`;
    return setTimeout(() => controller.abort(new ServiceError(504, words, { retryAfterSeconds: 1 })), ms);
  }
}
