import { tensorBytes } from '../../protocol/tensor-bytes.ts';
import type { Padding } from './padding.ts';
import type { WaitingRequest } from './waiting-request.ts';

/** Of a run's bytes, those that may be padding: more would cost more than sharing the run gains. */
const mostPadding = 0.25;

/** Rows and bytes of requests that share a run, padded to the longest of them. */
export class BatchSize {
  readonly rows: number;
  /** Of all inputs, padding included. */
  readonly bytes: number;
  /** Of each input along the axis that is padded. */
  readonly sizes: readonly number[];
  readonly #ownBytes: number;
  readonly #padding: Padding;

  private constructor(rows: number, bytes: number, sizes: readonly number[], ownBytes: number, padding: Padding) {
    this.rows = rows;
    this.bytes = bytes;
    this.sizes = sizes;
    this.#ownBytes = ownBytes;
    this.#padding = padding;
  }

  static of({ rows, bytes, run }: WaitingRequest, padding: Padding): BatchSize {
    return new BatchSize(rows, bytes, padding.isEmpty ? [] : padding.sizes(run), bytes, padding);
  }

  /** What it is with `request`, which can share the run. */
  with({ rows, bytes, run }: WaitingRequest): BatchSize {
    const ownBytes = this.#ownBytes + bytes;
    if (this.#padding.isEmpty) return new BatchSize(this.rows + rows, ownBytes, [], ownBytes, this.#padding);
    const own = this.#padding.sizes(run);
    const sizes = this.sizes.map((size, index) => Math.max(size, own[index] as number));
    const all = this.rows + rows;
    const padded = run.inputs.reduce(
      // A row of this request, stretched to the longest.
      (sum, tensor, index) => sum + (tensorBytes(tensor) / rows / (own[index] || 1)) * (sizes[index] as number) * all,
      0,
    );
    return new BatchSize(all, padded, sizes, ownBytes, this.#padding);
  }

  /** Whether too much of the run is padding. */
  get isWasteful(): boolean {
    return this.#ownBytes < (1 - mostPadding) * this.bytes;
  }
}
