/** What a caller has used, by days and months of UTC. */
export interface CallerUsage {
  /** Calls that were answered by a model. */
  readonly requestsToday: number;
  readonly requestsThisMonth: number;
  /** USD, about. */
  readonly costToday: number;
}

/**
 * Tells what a caller has used, at once and out of memory: on this host up to the last call, on others up to when they
 * were last summed, some seconds ago. Of a caller who is not known, nothing.
 */
export type UsageOf = (caller: string) => CallerUsage;
