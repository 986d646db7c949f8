import type { DecoderLayout } from '../../../ports/decoder.ts';
import { readBfloat16, readFloat16 } from './half-floats.ts';

const readers = { FP16: readFloat16, BF16: readBfloat16 } as const;

/** JavaScript memory for the logits of each row of a run, as the model gives them and as numbers of 32 bits. */
export class LogitsMemory {
  readonly #layout: DecoderLayout;
  #given = new Uint8Array(0);
  #floats = new Float32Array(0);

  constructor(layout: DecoderLayout) {
    this.#layout = layout;
  }

  get rowBytes(): number {
    return this.#layout.vocabulary * (this.#layout.logits === 'FP32' ? 4 : 2);
  }

  /** Memory for the logits of `rows` rows, each of one token, to be written by the runtime. */
  place(rows: number): Uint8Array {
    const bytes = rows * this.rowBytes;
    if (this.#given.length < bytes) this.#given = new Uint8Array(bytes);
    return this.#given.subarray(0, bytes);
  }

  /** The rows of what was placed. */
  rows(rows: number): Float32Array[] {
    const { vocabulary, logits } = this.#layout;
    const elements = rows * vocabulary;
    if (logits === 'FP32') this.#floats = new Float32Array(this.#given.buffer, 0, elements);
    else {
      if (this.#floats.length < elements) this.#floats = new Float32Array(elements);
      readers[logits](new Uint16Array(this.#given.buffer, 0, elements), this.#floats.subarray(0, elements));
    }
    return Array.from({ length: rows }, (_, row) => this.#floats.subarray(row * vocabulary, (row + 1) * vocabulary));
  }
}
