import type { DecoderLayout } from '../../../ports/decoder.ts';
import { readBfloat16, readFloat16 } from './half-floats.ts';

const readers = { FP16: readFloat16, BF16: readBfloat16 } as const;

/**
 * JavaScript memory for the logits of each row of a run, as the model gives them and as numbers of 32 bits: the same
 * for runs of as many rows.
 */
export class LogitsMemory {
  readonly #layout: DecoderLayout;
  #given = new Uint8Array(0);
  #floats = new Float32Array(0);
  #rows: readonly Float32Array[] = [];

  constructor(layout: DecoderLayout) {
    this.#layout = layout;
  }

  /** Memory for the logits of `rows` rows, each of one token, to be written by the runtime. */
  place(rows: number): Uint8Array {
    if (this.#rows.length === rows) return this.#given;
    const { vocabulary, logits } = this.#layout;
    const elements = rows * vocabulary;
    const isFloat = logits === 'FP32';
    // What was made for more rows is kept for fewer.
    const held = this.#given.buffer;
    const bytes = elements * (isFloat ? 4 : 2);
    this.#given = new Uint8Array(held.byteLength < bytes ? new ArrayBuffer(bytes) : held, 0, bytes);
    if (isFloat) this.#floats = new Float32Array(this.#given.buffer, 0, elements);
    else if (this.#floats.length < elements) this.#floats = new Float32Array(elements);
    this.#rows = Array.from({ length: rows }, (_, row) =>
      this.#floats.subarray(row * vocabulary, (row + 1) * vocabulary),
    );
    return this.#given;
  }

  /** The rows of what was placed. */
  rows(): readonly Float32Array[] {
    const { vocabulary, logits } = this.#layout;
    const elements = this.#rows.length * vocabulary;
    if (logits !== 'FP32') {
      readers[logits](new Uint16Array(this.#given.buffer, 0, elements), this.#floats.subarray(0, elements));
    }
    return this.#rows;
  }
}
