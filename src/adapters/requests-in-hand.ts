import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../protocol/service-error.ts';
import type { Limits } from '../settings.ts';

/**
 * Counts all requests that are in hand at once, whichever port they came in by, and the bytes of their bodies, against
 * the limits.
 */
export class RequestsInHand {
  readonly #limits: Pick<Limits, 'maxBytesInHand' | 'maxConcurrentRequests'>;
  #bytes = 0;
  #count = 0;

  constructor(limits: Pick<Limits, 'maxBytesInHand' | 'maxConcurrentRequests'>) {
    this.#limits = limits;
  }

  /** Requests that are not answered yet. */
  get count(): number {
    return this.#count;
  }

  /** Takes `bytes` more into the count. Throws 503, and takes nothing, where the budget is spent. */
  take(bytes: number): void {
    const { maxBytesInHand } = this.#limits;
    if (this.#bytes + bytes > maxBytesInHand) {
      throw new ServiceError(
        503,
        `the bodies of all requests at once are larger than maxBytesInHand, ${maxBytesInHand} bytes; try again later`,
        { retryAfterSeconds: 1 },
      );
    }
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Throws 503 where there are as many requests as may be. */
  check(): void {
    const { maxConcurrentRequests } = this.#limits;
    if (this.#count < maxConcurrentRequests) return;
    throw new ServiceError(
      503,
      `the server has maxConcurrentRequests, ${maxConcurrentRequests}, in hand already; try again later`,
      { retryAfterSeconds: 1 },
    );
  }

  /**
   * Counts a request, which `leave` is to follow. Only one whose body has arrived counts: slow callers hold nobody up.
   */
  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
  }

  /**
   * Resolves once none is left, or after `mostMs`: the run of a caller that was cut off ends between two of its steps.
   */
  async ended(mostMs: number): Promise<void> {
    const started = performance.now();
    while (this.#count > 0 && performance.now() - started < mostMs) await sleep(10);
  }
}
