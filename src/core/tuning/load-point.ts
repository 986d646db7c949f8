/** What so many callers get that each send a request when they have the answer to the one before. */
export interface LoadPoint {
  readonly callers: number;
  /** Requests a second of all of them. */
  readonly perSecond: number;
  readonly medianMs: number;
  /** 99 of 100 take no longer. */
  readonly p99Ms: number;
}
