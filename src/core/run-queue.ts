import { ServiceError } from '../protocol/service-error.ts';

interface Waiting {
  start(): void;
}

/**
 * Bounds how many runs are on the native threads at once; the rest wait in turn.
 *
 * A run whose signal aborts while it waits is dropped, and never starts.
 */
export class RunQueue {
  readonly #waiting: Waiting[] = [];
  readonly #maxRuns: number;
  readonly #maxWaiting: number;
  #running = 0;

  constructor(maxRuns: number, maxWaiting: number) {
    this.#maxRuns = maxRuns;
    this.#maxWaiting = maxWaiting;
  }

  /** Runs `work` when its turn comes. Rejects with 503 where too many wait, 504 where `signal` aborts first. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw cancelled();
    if (this.#running >= this.#maxRuns) await this.#turn(signal);
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#running -= 1;
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length >= this.#maxWaiting) {
      throw new ServiceError(503, `the server is busy: ${this.#maxWaiting} requests wait already; try again later`, {
        retryAfterSeconds: 1,
      });
    }
    return new Promise((resolve, reject) => {
      const abandon = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(cancelled());
      };
      const waiting = {
        start: () => {
          signal?.removeEventListener('abort', abandon);
          resolve();
        },
      };
      signal?.addEventListener('abort', abandon, { once: true });
      this.#waiting.push(waiting);
    });
  }
}

function cancelled(): ServiceError {
  return new ServiceError(504, 'the request was cancelled before it ran: its deadline passed, or its caller left');
}
