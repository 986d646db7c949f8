import { startChild } from './start-child.ts';

export interface LoadResult {
  /** Answers while measured, which leaves out the first fifth of the time. */
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** The slowest caller's mean over the fastest's. */
  readonly spread: number;
}

/**
 * Loads the server at `port` with `request` from a process of its own.
 *
 * Each caller sends again as soon as it is answered; with `everyMs`, that long after it sent last at the soonest.
 */
export async function load(
  port: number,
  request: Uint8Array,
  callers: number,
  seconds: number,
  everyMs = 0,
): Promise<LoadResult> {
  const { found } = await startChild(
    ['bench/load-generator.ts', ...[port, callers, seconds, everyMs].map(String)],
    /^(\{.*\})$/m,
    request,
  );
  return JSON.parse(found) as LoadResult;
}
