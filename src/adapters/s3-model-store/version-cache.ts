import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheEntry } from './cache-entry.ts';
import { CacheRoom } from './cache-room.ts';
import { hiddenName } from './hidden-name.ts';
import { isIntact } from './is-intact.ts';

export interface CachedVersion {
  readonly folder: string;
  /** From now on the version may be deleted to make room. */
  release(): void;
}

/**
 * Versions of models in a folder on this disk, which several processes may share.
 *
 * What is there by its final name is whole: it gathers under a hidden name and is renamed. Callers that ask for a
 * version while it comes share one download. When room is needed, the version asked for longest ago goes first. One
 * that a session has open or mapped may go too: the system keeps a deleted file for as long as it is in use. Only
 * between being handed out and being released is a version safe.
 */
export class VersionCache {
  readonly #folder: string;
  readonly #room: CacheRoom;
  readonly #coming = new Map<string, Promise<string>>();
  // Read through, or downloaded, by this process: not read through again.
  readonly #trusted = new Set<string>();

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#room = new CacheRoom(folder, maxBytes);
  }

  /** The folder of a version; `download` fills it where it is not there yet. */
  async fetch(entry: CacheEntry, download: (folder: string) => Promise<void>): Promise<CachedVersion> {
    const release = this.#room.hold(entry.name);
    try {
      return { folder: await this.#share(entry, download), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #share(entry: CacheEntry, download: (folder: string) => Promise<void>): Promise<string> {
    const underWay = this.#coming.get(entry.name);
    if (underWay) return underWay;
    const coming = this.#provide(entry, download).finally(() => this.#coming.delete(entry.name));
    this.#coming.set(entry.name, coming);
    return coming;
  }

  async #provide(entry: CacheEntry, download: (folder: string) => Promise<void>): Promise<string> {
    const folder = join(this.#folder, entry.name);
    if (await this.#has(entry.name)) return folder;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const leave = await this.#room.enter(entry);
    const hidden = join(this.#folder, hiddenName());
    try {
      await mkdir(hidden);
      await download(hidden);
      await place(hidden, folder);
      await this.#room.touch(entry.name);
      this.#trusted.add(entry.name);
      return folder;
    } finally {
      await rm(hidden, { recursive: true, force: true });
      leave();
    }
  }

  async #has(name: string): Promise<boolean> {
    const folder = join(this.#folder, name);
    if (!(await lstat(folder).catch(() => undefined))?.isDirectory()) {
      this.#trusted.delete(name);
      return false;
    }
    // First, so that another process that makes room sees it in use.
    await this.#room.touch(name);
    if (this.#trusted.has(name)) return true;
    if (!(await isIntact(folder))) {
      await this.#room.remove(name);
      return false;
    }
    this.#trusted.add(name);
    return true;
  }
}

/**
 * Renames a whole version into place. Another process may have been quicker: then its version, which is the same,
 * stays.
 */
async function place(hidden: string, folder: string): Promise<void> {
  await rename(hidden, folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}
