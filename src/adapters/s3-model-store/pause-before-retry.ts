import { setTimeout } from 'node:timers/promises';
import type { RetryPolicy } from './retry-policy.ts';

/** Waits before the next try; "full jitter": callers that failed together come back apart. */
export async function pauseBeforeRetry(failures: number, policy: RetryPolicy, signal?: AbortSignal): Promise<void> {
  const longest = Math.min(policy.longestPauseMs, policy.firstPauseMs * 2 ** (failures - 1));
  await setTimeout(Math.random() * longest, undefined, signal ? { signal } : {});
}
