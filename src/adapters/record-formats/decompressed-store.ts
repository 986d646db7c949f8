import { workFolder } from '../../core/batch/work-files.ts';
import type { FileReader, ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { contentDigest } from './content-digest.ts';
import { gunzipPieces } from './gunzip-pieces.ts';

/**
 * Reads a file of gzip as a file of what it holds; the ranges that were kept are read without decompressing what is
 * before them.
 */
export class DecompressedStore implements FileReader {
  readonly #store: FileReader;
  readonly #file: StoredFile;
  readonly #work: ObjectStore;
  readonly #maxBytes: number;

  constructor(store: FileReader, file: StoredFile, work: ObjectStore, maxBytes: number) {
    this.#store = store;
    this.#file = file;
    this.#work = work;
    this.#maxBytes = maxBytes;
  }

  async *read(_text: StoredFile, start = 0, end = Number.POSITIVE_INFINITY): AsyncIterable<Uint8Array> {
    const kept = await this.#work.find(keptName(this.#file, start, end));
    if (kept) yield* this.#work.read(kept);
    else yield* within(this.#pieces(), start, end);
  }

  /** Keeps ranges, ascending, in one pass. */
  async keep(ranges: readonly { readonly start: number; readonly end: number }[]): Promise<void> {
    const pieces = this.#pieces()[Symbol.asyncIterator]();
    let rest: Uint8Array = new Uint8Array(0);
    let at = 0;
    const take = async function* (start: number, end: number): AsyncIterable<Uint8Array> {
      while (at < end) {
        if (rest.length === 0) {
          const { value, done } = await pieces.next();
          if (done) return;
          rest = value;
        }
        const piece = rest.subarray(0, end - at);
        rest = rest.subarray(piece.length);
        const from = Math.max(0, start - at);
        at += piece.length;
        if (from < piece.length) yield piece.subarray(from);
      }
    };
    try {
      for (const { start, end } of ranges) await this.#work.create(keptName(this.#file, start, end), take(start, end));
    } finally {
      await pieces.return?.();
    }
  }

  #pieces(): AsyncIterable<Uint8Array> {
    return gunzipPieces(this.#file.key, this.#store.read(this.#file), this.#maxBytes);
  }
}

async function* within(pieces: AsyncIterable<Uint8Array>, start: number, end: number): AsyncIterable<Uint8Array> {
  let at = 0;
  for await (const piece of pieces) {
    const from = Math.max(0, start - at);
    const to = Math.min(piece.length, end - at);
    at += piece.length;
    if (from < to) yield piece.subarray(from, to);
    if (at >= end) return;
  }
}

function keptName(file: StoredFile, start: number, end: number): string {
  return `${workFolder}text-${contentDigest(file)}/${start}-${end}`;
}
