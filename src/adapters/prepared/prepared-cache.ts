import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CacheRoom } from '../s3-model-store/cache-room.ts';
import type { CachedVersion } from '../s3-model-store/version-cache.ts';
import { placeFolder } from './place-folder.ts';

/**
 * Prepared forms in a folder on this disk, which several processes may share; the form used longest ago goes first.
 * What is there by its final name is whole.
 */
export class PreparedCache {
  readonly #folder: string;
  readonly #room: CacheRoom;

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder;
    this.#room = new CacheRoom(folder, maxBytes);
  }

  /** The folder of a form, safe until it is released; undefined where there is none. */
  async find(key: string): Promise<CachedVersion | undefined> {
    const name = (await this.#names(key)).at(-1);
    if (name === undefined) return undefined;
    const release = this.#room.hold(name);
    await this.#room.touch(name);
    return { folder: join(this.#folder, name), release };
  }

  /**
   * Keeps a copy of the form in `source`. Rejects with 503 where there is no room for it, with 507 where there never
   * is.
   */
  async put(key: string, source: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const bytes = await bytesIn(source);
    const name = `${key}-${bytes}`;
    const leave = await this.#room.enter({ name, bytes });
    try {
      for (const old of await this.#names(key)) await this.#room.remove(old);
      await placeFolder(source, join(this.#folder, name));
      await this.#room.touch(name);
    } finally {
      leave();
    }
  }

  /** The names that a form with this key has: its bytes come after it. */
  async #names(key: string): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.startsWith(`${key}-`) && /^[0-9]+$/.test(name.slice(key.length + 1)));
  }
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
