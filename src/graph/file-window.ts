import type { FileHandle } from 'node:fs/promises';
import { malformed } from './malformed.ts';

const windowBytes = 64 * 1024;

/** A file seen through a window of 64 KB, so that what is skipped is never read. */
export class FileWindow {
  readonly size: number;
  readonly #file: FileHandle;
  readonly #buffer = Buffer.alloc(windowBytes);
  #start = 0;
  #length = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** Whether `length` bytes at `at`, or those up to the end of the file, are in the window. */
  has(at: number, length: number): boolean {
    return at >= this.#start && Math.min(at + length, this.size) <= this.#start + this.#length;
  }

  /** Moves the window to `at`. */
  async move(at: number): Promise<void> {
    const wanted = Math.min(windowBytes, this.size - at);
    this.#start = at;
    this.#length = 0;
    while (this.#length < wanted) {
      const { bytesRead } = await this.#file.read(this.#buffer, this.#length, wanted - this.#length, at + this.#length);
      if (bytesRead === 0) throw malformed('it became shorter while it was read');
      this.#length += bytesRead;
    }
  }

  /** A byte in the window. */
  byte(at: number): number {
    return this.#buffer[at - this.#start] as number;
  }

  /** UTF-8 text in the window. */
  text(at: number, length: number): string {
    return this.#buffer.toString('utf8', at - this.#start, at - this.#start + length);
  }
}
