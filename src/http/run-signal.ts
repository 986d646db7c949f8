import type { HttpRequest } from './http-message.ts';

/** A signal for the run of one request, and what lets its timer go. */
export interface RunSignal {
  signal(): AbortSignal;
  end(): void;
}

// Timers hold 31 bits of milliseconds.
const longestTimeoutMs = 24 * 3600 * 1000;

/** Aborts when the caller goes, or after `timeoutMs`. Nothing is set up until the signal is asked for. */
export function runSignal(request: HttpRequest, timeoutMs: number): RunSignal {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    signal() {
      const gone = request.gone();
      if (timeoutMs > longestTimeoutMs) return gone;
      const deadline = new AbortController();
      timer = setTimeout(() => deadline.abort(), timeoutMs);
      return AbortSignal.any([gone, deadline.signal]);
    },
    end: () => clearTimeout(timer),
  };
}
