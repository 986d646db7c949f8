import { ServiceError } from '../src/protocol/service-error.ts';

// Room for the answer to leave before Lambda ends the process.
const reserveMs = 500;

/** A signal that aborts shortly before `remainingMs` have passed, with 504 as its reason, and a promise that then rejects with it. */
export function timeLimit(remainingMs: number) {
  const ms = Math.max(0, remainingMs - reserveMs);
  const controller = new AbortController();
  const seconds = (ms / 1000).toFixed(1);
  const error = new ServiceError(
    504,
    `there was no answer within the ${seconds} s that were left; send less at once, or try again where a model was still loading`,
    { retryAfterSeconds: 1 },
  );
  const passed = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(error), { once: true });
  });
  const timer = setTimeout(() => controller.abort(error), ms);
  return { signal: controller.signal, passed, end: () => clearTimeout(timer) };
}
