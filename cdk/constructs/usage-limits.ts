/** What the holders of a usage plan's keys may send. */
export interface UsageLimits {
  /** Requests a second, on average. @default the API's own limit */
  readonly rateLimit?: number | undefined;
  /** Requests at once. @default the API's own limit */
  readonly burstLimit?: number | undefined;
  /** Requests in a period. @default no quota */
  readonly quota?: number | undefined;
  /** The period of the quota. @default 'MONTH' */
  readonly quotaPeriod?: 'DAY' | 'WEEK' | 'MONTH' | undefined;
}
