import type { UsageRow } from './usage-row.ts';

/** A host that counts, as prices need to know it. */
export interface UsageHost {
  /** Unlike that of any other process. */
  readonly id: string;
  readonly kind: 'server' | 'lambda';
  /** Of memory that it has. */
  readonly gigabytes: number;
  readonly vcpus: number;
  readonly architecture: 'x86_64' | 'arm64';
}

/** What a host has counted on a day of UTC: the object `.usage/<day>/<host id>.json`. */
export interface HostUsage {
  readonly host: UsageHost;
  /** As in 2026-11-29. */
  readonly day: string;
  /** When it began to count, on this day, and when this was written. */
  readonly from: string;
  readonly to: string;
  readonly rows: readonly UsageRow[];
}
