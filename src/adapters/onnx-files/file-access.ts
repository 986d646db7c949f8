import { closeSync, fstatSync, openSync, read, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { RandomAccess } from '../../ports/random-access.ts';

const readAsync = promisify(read);

/**
 * A file that is opened for each read, so that nobody has to close it, and a model may name thousands of them. A read rejects where the
 * file was changed since.
 */
export class FileAccess implements RandomAccess {
  readonly size: number;
  readonly #path: string;
  readonly #changedMs: number;
  #held: FileHandle | undefined;

  private constructor(path: string, size: number, changedMs: number) {
    this.#path = path;
    this.size = size;
    this.#changedMs = changedMs;
  }

  /** Rejects where there is no such file. */
  static async open(path: string): Promise<FileAccess> {
    const { size, mtimeMs } = await withFile(path, (file) => file.stat());
    return new FileAccess(path, size, mtimeMs);
  }

  /** Keeps the file open while `work` goes on, which reads it in many small parts. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    return withFile(this.#path, async (file) => {
      this.#check(await file.stat());
      this.#held = file;
      try {
        return await work();
      } finally {
        this.#held = undefined;
      }
    });
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.#held) return this.#readFrom(this.#held.fd, offset, length);
    // At once: what is read ahead is read while the piece before it is worked on, which lets nothing else have a turn.
    const file = openSync(this.#path, 'r');
    try {
      this.#check(fstatSync(file));
      return await this.#readFrom(file, offset, length);
    } finally {
      closeSync(file);
    }
  }

  #check({ size, mtimeMs }: Stats): void {
    if (size !== this.size || mtimeMs !== this.#changedMs)
      throw new Error(`${this.#path} was changed while it was read`);
  }

  async #readFrom(file: number, offset: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await readAsync(file, bytes, at, length - at, offset + at);
      if (bytesRead === 0)
        throw new Error(`${this.#path} ends at ${offset + at}: ${length} bytes from ${offset} were asked for`);
      at += bytesRead;
    }
    return bytes;
  }
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
