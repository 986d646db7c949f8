import { startChild } from './start-child.ts';

export interface LoadResult {
  readonly perSecond: number;
  readonly medianMs: number;
  /** The slowest caller's mean over the fastest's. */
  readonly spread: number;
}

/** Loads the server at `port` with `request` from a process of its own. */
export async function load(port: number, request: Uint8Array, callers: number, seconds: number): Promise<LoadResult> {
  const { found } = await startChild(
    ['bench/load-generator.ts', String(port), String(callers), String(seconds)],
    /^(\{.*\})$/m,
    request,
  );
  return JSON.parse(found) as LoadResult;
}
