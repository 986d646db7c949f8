import { ServiceError } from '../../protocol/service-error.ts';

/** Counts the bytes of all request bodies that are held at once, against a budget. */
export class BodyBudget {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes `bytes` more into the count. Throws 503, and takes nothing, where the budget is spent. */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.#maxBytes) {
      throw new ServiceError(
        503,
        `the bodies of all requests at once are larger than maxBytesInHand, ${this.#maxBytes} bytes; try again later`,
        { retryAfterSeconds: 1 },
      );
    }
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
