import type { Policy } from './key-entry.ts';

/** Whether a policy is over. */
export function hasExpired({ expires }: Policy, nowMs: number): boolean {
  return expires !== undefined && Date.parse(expires) <= nowMs;
}
