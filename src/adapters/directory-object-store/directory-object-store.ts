import type { BigIntStats } from 'node:fs';
import { type FileHandle, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { workFolder } from '../../core/batch/work-files.ts';
import type { CreatedFile, FileContent, RewritableStore, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { digestPieces } from '../digest-pieces.ts';
import { inFolder } from './in-folder.ts';
import { readAhead } from './read-ahead.ts';
import { removeEmptied } from './remove-emptied.ts';
import { UnfinishedFiles } from './unfinished-files.ts';

/**
 * Files of a directory. A file's version is its length and when it was last written. What is not whole yet lies in
 * `.work/`.
 */
export class DirectoryObjectStore implements RewritableStore {
  readonly #root: string;
  readonly #unfinished: UnfinishedFiles;

  constructor(root: string) {
    this.#root = resolve(root);
    this.#unfinished = new UnfinishedFiles(join(this.#root, workFolder));
  }

  async find(key: string): Promise<StoredFile | undefined> {
    const status = await stat(this.#path(key), { bigint: true }).catch(noFile);
    return status?.isFile() ? { key, bytes: Number(status.size), version: versionOf(status) } : undefined;
  }

  async *read(file: StoredFile, start = 0, end = file.bytes): AsyncIterable<Uint8Array> {
    const handle = await open(this.#path(file.key)).catch(noFile);
    try {
      if (!handle || versionOf(await handle.stat({ bigint: true })) !== file.version) {
        throw new ServiceError(409, `'${file.key}' is another file than when the job began; start a new job`);
      }
      let left = end - start;
      for await (const piece of readAhead(handle, start, end)) {
        left -= piece.length;
        yield piece;
      }
      if (left > 0) throw new ServiceError(409, `'${file.key}' was cut short while it was read; start a new job`);
    } finally {
      await handle?.close();
    }
  }

  async list(prefix: string): Promise<readonly StoredFile[]> {
    const folder = this.#path(prefix.slice(0, prefix.lastIndexOf('/') + 1));
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const keys = entries
      .filter((entry) => entry.isFile() && !this.#unfinished.has(entry))
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
    const { path: hidden, handle } = await this.#unfinished.open();
    try {
      const content = await writeTo(handle, body);
      await beforehand?.(content);
      // A link, unlike a rename, does not replace what is there.
      await inFolder(dirname(path), () => link(hidden, path));
      return { isNew: true, ...content };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const before = await this.find(key);
      if (before) return { isNew: false, ...(await this.measure(before)) };
      throw new ServiceError(409, `'${key}' was there, and was removed meanwhile`);
    } finally {
      await this.#unfinished.remove(hidden);
    }
  }

  async replace(key: string, content: Uint8Array): Promise<void> {
    const path = this.#path(key);
    const { path: hidden, handle } = await this.#unfinished.open();
    try {
      await handle.writeFile(content).finally(() => handle.close());
      await inFolder(dirname(path), () => rename(hidden, path));
    } finally {
      await this.#unfinished.remove(hidden);
    }
  }

  measure(file: StoredFile): Promise<FileContent> {
    return digestPieces(this.read(file));
  }

  async remove(key: string): Promise<void> {
    const path = this.#path(key);
    await this.#unfinished.clear();
    await rm(path, { force: true });
    await removeEmptied(dirname(path), this.#root);
  }

  /** Throws ServiceError 400 for a key that leads out of the directory. */
  #path(key: string): string {
    const path = resolve(this.#root, key);
    if (path === this.#root || path.startsWith(this.#root + sep)) return path;
    throw new ServiceError(400, `'${key}' leads out of the directory`);
  }
}

function versionOf({ size, mtimeNs }: BigIntStats): string {
  return `${size}-${mtimeNs}`;
}

function noFile(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

async function writeTo(handle: FileHandle, body: AsyncIterable<Uint8Array>): Promise<FileContent> {
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
