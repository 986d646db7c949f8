import { countElements } from '../../../protocol/count-elements.ts';
import type { Api } from '../api.ts';
import { createValue } from '../create-value.ts';
import { elementTypes } from '../element-types.ts';
import type { Pointer } from '../native-types.ts';

/**
 * Whole numbers from 0 on that a decoder is fed, of 32 bits or of 64, whose upper halves stay 0, or a truth. Its memory
 * and its value are there for one run after the other, and made anew where they do not fit: it owns both until
 * `release`.
 */
export class FedTensor {
  readonly #api: Api;
  readonly #datatype: 'INT64' | 'INT32' | 'BOOL';
  readonly #step: number;
  #words = new Int32Array(0);
  #shape: readonly number[] | undefined;
  #value: Pointer = 0n;

  constructor(api: Api, datatype: 'INT64' | 'INT32' | 'BOOL') {
    this.#api = api;
    this.#datatype = datatype;
    this.#step = datatype === 'INT64' ? 2 : 1;
  }

  /** The runtime's value, good until the next shape. */
  get value(): Pointer {
    return this.#value;
  }

  /** Takes a shape of one element at least; the elements are as they come. */
  shapeAs(shape: readonly number[]): void {
    const known = this.#shape;
    if (known && known.length === shape.length && known.every((size, axis) => size === shape[axis])) return;
    this.release();
    const elements = countElements(shape);
    const words = elements * this.#step;
    // Most grow by one element in each run.
    if (this.#words.length < words) this.#words = new Int32Array(2 * words);
    const bytes = this.#datatype === 'BOOL' ? elements : words * Int32Array.BYTES_PER_ELEMENT;
    const data = new Uint8Array(this.#words.buffer, 0, bytes);
    this.#value = createValue(this.#api, data, BigInt64Array.from(shape, BigInt), elementTypes[this.#datatype]);
    this.#shape = shape;
  }

  put(index: number, value: number): void {
    this.#words[index * this.#step] = value;
  }

  release(): void {
    if (this.#shape) this.#api.releaseValue(this.#value);
    this.#shape = undefined;
  }
}
