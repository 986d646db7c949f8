import type { DataPlane } from '../core/data-plane.ts';
import type { ModelStore } from '../ports/model-store.ts';
import { type Canaries, openCanaries } from './canary/open-canaries.ts';
import { type DriftWatch, openDrift } from './drift/open-drift.ts';
import type { CallRecords } from './open-call-records.ts';
import { openServerRecords } from './open-server-records.ts';
import type { ServerOptions } from './server-options.ts';
import type { ServiceLog } from './service-log.ts';

/** Counts of canaries are written at most so often. */
const shareEveryMs = 5000;
// A minute's counts are lost where the process is killed.
const driftEveryMs = 60_000;

/** What a server writes into its model repository while it answers. */
export interface RepositoryRecords {
  readonly drift: DriftWatch;
  /** Undefined where no calls are kept. */
  readonly calls: CallRecords | undefined;
  readonly canaries: Canaries;
  /** Begins to share how canaries do with other servers, until what it gives is called. */
  share(): () => void;
  /** Writes what waits, for the last time. Never rejects. */
  end(): Promise<void>;
  /** The same in little time, while calls may go on. */
  endAtOnce(): Promise<void>;
}

/** Opens what a server writes into its repository: records of calls, how inputs drift, how canaries do. */
export async function openRepositoryRecords(
  options: ServerOptions,
  store: ModelStore,
  log: ServiceLog,
  dataPlane: () => DataPlane,
): Promise<RepositoryRecords> {
  const { models } = options;
  const drift = openDrift({ models, everyMs: driftEveryMs, log });
  const calls = await openServerRecords(options, log, dataPlane);
  const canaries = openCanaries({ store, models, log });
  return {
    drift,
    calls,
    canaries,
    share: () => {
      const sharing = setInterval(() => void canaries.share(dataPlane().releases), shareEveryMs).unref();
      return () => clearInterval(sharing);
    },
    end: async () => {
      await Promise.all([calls?.end(), drift.end(), canaries.settled()]);
    },
    endAtOnce: async () => {
      await Promise.all([calls?.endAtOnce(), drift.end()]);
    },
  };
}
