import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { modelJobPlaces } from '../../core/model-jobs/model-job-places.ts';
import type { RewritableStore } from '../../ports/object-store.ts';

/** How often a server says that it runs. */
export const renewMs = 15_000;
/** How long one that says nothing new may run all the same. */
const staleMs = 90_000;

/**
 * By which servers on one data folder know of one another which still runs: each renews a file of its own, and removes
 * it when it ends in good order. One that was killed is known by a file that stays as it is. How long that is, each
 * measures by itself: clocks of machines differ, and process ids come again.
 */
export class ServerLease {
  /** Names this server, which no other is called, nor itself when it is started again. */
  readonly by = `${hostname()}-${process.pid}-${randomUUID()}`;
  readonly #data: RewritableStore;
  readonly #seen = new Map<string, { readonly version: string; readonly atMs: number }>();

  constructor(data: RewritableStore) {
    this.#data = data;
  }

  /** Says that this server runs, and removes the files of those that have said nothing new for too long. */
  async renew(): Promise<void> {
    await this.#data.replace(keyOf(this.by), new TextEncoder().encode(new Date().toISOString()));
    for (const { key, version } of await this.#data.list(modelJobPlaces.servers)) {
      const atMs = performance.now();
      const seen = this.#seen.get(key);
      if (seen?.version !== version) this.#seen.set(key, { version, atMs });
      else if (atMs - seen.atMs >= staleMs) await this.#data.remove(key);
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
