import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';
import type { RandomAccess } from '../../ports/random-access.ts';

const readAsync = promisify(read);

/**
 * A file that is opened for each read, so that nobody has to close it, and a model may name thousands of them. A read
 * rejects where the file was changed since.
 */
export class FileAccess implements RandomAccess {
  readonly size: number;
  readonly #path: string;
  readonly #changedMs: number;
  #held: number | undefined;

  private constructor(path: string, size: number, changedMs: number) {
    this.#path = path;
    this.size = size;
    this.#changedMs = changedMs;
  }

  /** Rejects where there is no such file. */
  static open(path: string): Promise<FileAccess> {
    return withFile(path, async (file) => {
      const { size, mtimeMs } = fstatSync(file);
      return new FileAccess(path, size, mtimeMs);
    });
  }

  /** Keeps the file open while `work` goes on, which reads it in many small parts. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return this.#opened(async (file) => {
      this.#held = file;
      try {
        return await work();
      } finally {
        this.#held = undefined;
      }
    });
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    if (this.#held !== undefined) return this.#readFrom(this.#held, offset, length);
    return this.#opened((file) => this.#readFrom(file, offset, length));
  }

  #opened<T>(work: (file: number) => Promise<T>): Promise<T> {
    return withFile(this.#path, (file) => {
      const { size, mtimeMs } = fstatSync(file);
      if (size !== this.size || mtimeMs !== this.#changedMs)
        throw new Error(`${this.#path} was changed while it was read`);
      return work(file);
    });
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

/**
 * Begins `work` at once: what is read ahead is read while the piece before it is worked on, which lets nothing else
 * have a turn.
 */
async function withFile<T>(path: string, work: (file: number) => Promise<T>): Promise<T> {
  const file = openSync(path, 'r');
  try {
    return await work(file);
  } finally {
    closeSync(file);
  }
}
