import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { modelJobPlaces } from '../../core/model-jobs/model-job-places.ts';
import type { RewritableStore } from '../../ports/object-store.ts';

/** How often a server says that it runs. */
export const renewMs = 15_000;
/** So often one may have said nothing new, and run all the same: for a minute and a half. */
const mostSilent = 6;

/**
 * By which servers on one data folder know of one another which still runs: each renews a file of its own, and removes
 * it when it ends in good order. One that was killed is known by a file that stays as it is. How long that is, each
 * counts by its own renewals: clocks of machines differ, process ids come again, and while it stalled itself, others may
 * have as well.
 */
export class ServerLease {
  /** Names this server, which no other is called, nor itself when it is started again. */
  readonly by = `${hostname()}-${process.pid}-${randomUUID()}`;
  readonly #data: RewritableStore;
  readonly #seen = new Map<string, { readonly version: string; times: number }>();

  constructor(data: RewritableStore) {
    this.#data = data;
  }

  /** Says that this server runs, and removes the files of those that have said nothing new for too long. */
  async renew(): Promise<void> {
    await this.#data.replace(keyOf(this.by), new TextEncoder().encode(new Date().toISOString()));
    for (const { key, version } of await this.#data.list(modelJobPlaces.servers)) {
      const seen = this.#seen.get(key);
      if (seen?.version !== version) this.#seen.set(key, { version, times: 0 });
      else {
        seen.times += 1;
        if (seen.times >= mostSilent) await this.#data.remove(key);
      }
    }
  }

  async release(): Promise<void> {
    await this.#data.remove(keyOf(this.by));
  }

  /** Whether a server may still run. */
  async isHeld(by: string): Promise<boolean> {
    return (await this.#data.find(keyOf(by))) !== undefined;
  }
}

function keyOf(by: string): string {
  return modelJobPlaces.servers + by;
}
