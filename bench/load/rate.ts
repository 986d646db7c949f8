import { Child } from '../processes/child.ts';

export interface RateJob {
  readonly port: number;
  /** Requests a second, whatever comes back. */
  readonly perSecond: number;
  readonly seconds: number;
}

export interface RateResult {
  /** Answers a second of those that were not refused. */
  readonly perSecond: number;
  /** Of these, 99 of 100 take no longer. */
  readonly p99Ms: number;
  /** Of all requests. */
  readonly refusedShare: number;
  /** Half of the refusals come within this. */
  readonly refusedMs: number;
}

/**
 * Sends `request` to a server at a rate, from a process of its own, as many callers do who do not know of one another.
 */
export async function rate(job: RateJob, request: Uint8Array): Promise<RateResult> {
  const child = new Child(process.execPath, ['bench/load/rate-generator.ts', JSON.stringify(job)], { input: request });
  return JSON.parse(await child.next(/^(\{.*\})$/)) as RateResult;
}
