/** How much a caller may send: so many a second on average, and `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  /** @default what comes in a second, and 1 at least */
  readonly burst?: number;
}

/**
 * Lets as many through as a rate has: each takes a token, of which there are `burst` at most, and so many come a
 * second. Source: the token bucket of RFC 2697 (with one rate).
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #nowMs: () => number;
  #tokens: number;
  #atMs: number;

  /** @param nowMs a clock that does not go back */
  constructor({ perSecond, burst = Math.max(1, Math.ceil(perSecond)) }: Rate, nowMs: () => number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#nowMs = nowMs;
    this.#tokens = burst;
    this.#atMs = nowMs();
  }

  /** Takes a token: 0. Where there is none: the milliseconds until there is. */
  take(): number {
    const nowMs = this.#nowMs();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#atMs) / 1000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return ((1 - this.#tokens) / this.#perSecond) * 1000;
    this.#tokens -= 1;
    return 0;
  }
}
