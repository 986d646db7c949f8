import { readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../../protocol/service-error.ts';
import type { CacheEntry } from './cache-entry.ts';
import { hiddenName } from './hidden-name.ts';
import { removeLeftovers } from './remove-leftovers.ts';

interface Resident extends CacheEntry {
  readonly usedAtMs: number;
}

// Another process may have been handed a version just now and not have opened it yet.
const graceMs = 10_000;
const versionName = /-([0-9]+)$/;

/** The room that cached versions take, on the disk that they share with others. */
export class CacheRoom {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #holds = new Map<string, number>();
  readonly #touchedAtMs = new Map<string, number>();
  readonly #arriving = new Set<CacheEntry>();
  #turn: Promise<void> = Promise.resolve();

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Keeps a version from being deleted until the function that comes back is called. */
  hold(name: string): () => void {
    this.#holds.set(name, (this.#holds.get(name) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#holds.get(name) ?? 1) - 1;
      if (left > 0) this.#holds.set(name, left);
      else this.#holds.delete(name);
    };
  }

  /**
   * Makes room for a version; the function that comes back says that it is there, or will not come. Rejects with 503
   * where there is too little now, with 507 where there never is enough.
   */
  async enter(entry: CacheEntry): Promise<() => void> {
    // One after the other: two that look at the same free bytes would both take them.
    const entering = this.#turn.then(() => this.#makeRoom(entry));
    this.#turn = entering.catch(() => undefined);
    await entering;
    return () => {
      this.#arriving.delete(entry);
    };
  }

  /** Deletes a version, under a hidden name first: none is ever found in part. */
  async remove(name: string): Promise<void> {
    const hidden = join(this.#folder, hiddenName());
    try {
      await rename(join(this.#folder, name), hidden);
    } catch {
      // Another process has deleted it.
      return;
    }
    await rm(hidden, { recursive: true, force: true });
  }

  /** Notes on the disk, for other processes too, that a version was asked for just now. */
  async touch(name: string): Promise<void> {
    const now = new Date();
    this.#touchedAtMs.set(name, now.getTime());
    // Another process may have deleted it: whoever opens it will see.
    await utimes(join(this.#folder, name), now, now).catch(() => undefined);
  }

  async #makeRoom(entry: CacheEntry): Promise<void> {
    const { bytes } = entry;
    if (bytes > this.#maxBytes) {
      throw new ServiceError(
        507,
        `its files are ${bytes} bytes, more than the cache's budget of ${this.#maxBytes} bytes`,
      );
    }
    await removeLeftovers(this.#folder);
    // One that arrives while the folder is read is counted once, whether or not it was seen there.
    const arriving = [...this.#arriving];
    const comes = new Set(arriving.map(({ name }) => name));
    const residents = (await this.#residents()).filter(({ name }) => !comes.has(name));
    const removable = residents
      .filter((resident) => this.#isRemovable(resident))
      .sort((a, b) => a.usedAtMs - b.usedAtMs);
    let taken = [...residents, ...arriving].reduce((sum, each) => sum + each.bytes, 0);
    while (taken + bytes > this.#maxBytes || (await this.#freeBytes()) < bytes) {
      const oldest = removable.shift();
      if (!oldest) throw await this.#tooLittle(bytes, taken);
      await this.remove(oldest.name);
      taken -= oldest.bytes;
    }
    this.#arriving.add(entry);
  }

  async #residents(): Promise<readonly Resident[]> {
    const names = (await readdir(this.#folder)).filter((name) => !name.startsWith('.'));
    const found = await Promise.all(
      names.map(async (name) => {
        const bytes = versionName.exec(name)?.[1];
        const status = await stat(join(this.#folder, name)).catch(() => undefined);
        return bytes && status ? [{ name, bytes: Number(bytes), usedAtMs: status.mtimeMs }] : [];
      }),
    );
    return found.flat();
  }

  #isRemovable({ name, usedAtMs }: Resident): boolean {
    if (this.#holds.has(name)) return false;
    const touchedHere = Math.abs(usedAtMs - (this.#touchedAtMs.get(name) ?? 0)) <= 1;
    return touchedHere || Date.now() - usedAtMs > graceMs;
  }

  async #freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  async #tooLittle(bytes: number, taken: number): Promise<ServiceError> {
    const room = `${this.#maxBytes - taken} bytes of its budget and ${await this.#freeBytes()} bytes of the disk are free`;
    return new ServiceError(503, `its files are ${bytes} bytes, and the cache has no room for them: ${room}`, {
      retryAfterSeconds: graceMs / 1000,
    });
  }
}
