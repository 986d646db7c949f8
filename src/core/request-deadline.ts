import type { Clock } from '../ports/clock.ts';
import { ServiceError } from '../protocol/service-error.ts';

/** How long a request may take, and where it says so. */
export interface RequestTimeout {
  readonly ms: number;
  readonly source: string;
}

// Timers hold 31 bits of milliseconds.
const longestTimeoutMs = 24 * 3600 * 1000;

/**
 * When a request's time is up, counted from when it was received, and whether its caller is still there.
 *
 * To be ended however the request went. No timer and no signal is set up until the signal is asked for.
 */
export class RequestDeadline {
  readonly received: number;
  readonly #clock: Clock;
  readonly #gone: () => AbortSignal;
  #timeout: RequestTimeout | undefined;
  #signal: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `gone` gives a signal that aborts when the caller has gone. */
  constructor(clock: Clock, gone: () => AbortSignal) {
    this.received = clock.now();
    this.#clock = clock;
    this.#gone = gone;
  }

  /** Takes in a time that the request may take; the shortest counts. */
  limit(timeout: RequestTimeout | undefined): void {
    if (timeout && !(this.#timeout && this.#timeout.ms <= timeout.ms)) this.#timeout = timeout;
  }

  /** Throws 504 where the time is up. */
  check(): void {
    if (this.#timeout && this.#leftMs(this.#timeout) <= 0) throw deadlinePassed(this.#timeout);
  }

  /** Aborts when the caller left, or, with what it is to be told as the reason, when the time is up. */
  signal(): AbortSignal {
    this.#signal ??= this.#makeSignal();
    return this.#signal;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #leftMs({ ms }: RequestTimeout): number {
    return this.received + ms - this.#clock.now();
  }

  #makeSignal(): AbortSignal {
    const gone = this.#gone();
    const timeout = this.#timeout;
    if (!timeout || timeout.ms > longestTimeoutMs) return gone;
    const controller = new AbortController();
    const leftMs = this.#leftMs(timeout);
    if (gone.aborted) controller.abort(gone.reason);
    else if (leftMs <= 0) controller.abort(deadlinePassed(timeout));
    else {
      gone.addEventListener('abort', () => controller.abort(gone.reason), { once: true });
      this.#timer = setTimeout(() => controller.abort(deadlinePassed(timeout)), leftMs);
    }
    return controller.signal;
  }
}

function deadlinePassed({ ms, source }: RequestTimeout): ServiceError {
  return new ServiceError(504, `the deadline of ${ms} ms (${source}) passed before the request was answered`);
}
