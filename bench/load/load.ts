import { Child } from '../processes/child.ts';
import type { Protocol } from './connect-caller.ts';

export interface LoadJob {
  readonly port: number;
  /** @default http */
  readonly protocol?: Protocol;
  readonly callers: number;
  readonly seconds: number;
  /** Between an answer and the caller's next request; absent: none. */
  readonly pauseMs?: number;
  /**
   * Takes a core for itself and never sleeps. Otherwise a server whose answers come one by one pays for waking this
   * process with each, some 20 µs on a virtual machine, and one that is quicker does not: not the servers' own cost.
   */
  readonly staysAwake?: boolean;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly medianMs: number;
  /** 99 of 100 take no longer. */
  readonly p99Ms: number;
  readonly slowestMs: number;
  /** The slowest caller's mean over the fastest's. */
  readonly spread: number;
}

/** Loads a server with `request`, from a process of its own. */
export async function load(job: LoadJob, request: Uint8Array): Promise<LoadResult> {
  const child = new Child(process.execPath, ['bench/load/load-generator.ts', JSON.stringify(job)], { input: request });
  return JSON.parse(await child.next(/^(\{.*\})$/)) as LoadResult;
}
