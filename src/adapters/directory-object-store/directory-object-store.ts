import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { CreatedFile, FileContent, ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { digestPieces } from '../digest-pieces.ts';

const pieceBytes = 1024 * 1024;

/** Files of a directory. A file's version is its length and when it was last written. */
export class DirectoryObjectStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  async find(key: string): Promise<StoredFile | undefined> {
    const status = await stat(this.#path(key), { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (!status?.isFile()) return undefined;
    return { key, bytes: Number(status.size), version: `${status.size}-${status.mtimeNs}` };
  }

  async *read(file: StoredFile, start = 0, end = file.bytes): AsyncIterable<Uint8Array> {
    const found = await this.find(file.key);
    if (found?.version !== file.version) {
      throw new ServiceError(409, `'${file.key}' is another file than when the job began; start a new job`);
    }
    if (end <= start) return;
    let left = end - start;
    const options = { start, end: end - 1, highWaterMark: pieceBytes };
    for await (const piece of createReadStream(this.#path(file.key), options)) {
      left -= (piece as Uint8Array).length;
      yield piece as Uint8Array;
    }
    if (left > 0) throw new ServiceError(409, `'${file.key}' was cut short while it was read; start a new job`);
  }

  async list(prefix: string): Promise<readonly StoredFile[]> {
    const folder = this.#path(prefix.slice(0, prefix.lastIndexOf('/') + 1));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const keys = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.#root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((key) => key.startsWith(prefix))
      .sort();
    return (await Promise.all(keys.map((key) => this.find(key)))).filter((file) => file !== undefined);
  }

  async create(
    key: string,
    body: AsyncIterable<Uint8Array>,
    beforehand?: (content: FileContent) => Promise<void>,
  ): Promise<CreatedFile> {
    const path = this.#path(key);
    await mkdir(dirname(path), { recursive: true });
    const hidden = join(dirname(path), `.${randomUUID()}`);
    try {
      const written = await writeTo(hidden, body);
      await beforehand?.(written);
      // A link, unlike a rename, does not replace what is there.
      await link(hidden, path);
      return { isNew: true, ...written };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return { isNew: false, ...(await digestPieces(createReadStream(path))) };
    } finally {
      await rm(hidden, { force: true });
    }
  }

  measure(file: StoredFile): Promise<FileContent> {
    return digestPieces(this.read(file));
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  /** Throws ServiceError 400 for a key that leads out of the directory. */
  #path(key: string): string {
    const path = resolve(this.#root, key);
    if (path === this.#root || path.startsWith(this.#root + sep)) return path;
    throw new ServiceError(400, `'${key}' leads out of the directory`);
  }
}

async function writeTo(path: string, body: AsyncIterable<Uint8Array>): Promise<FileContent> {
  const handle = await open(path, 'wx');
  const written = async function* () {
    for await (const piece of body) {
      await handle.writeFile(piece);
      yield piece;
    }
  };
  try {
    const digest = await digestPieces(written());
    await handle.sync();
    return digest;
  } finally {
    await handle.close();
  }
}
