import type { FixedDatatype } from './datatype.ts';

/**
 * A tensor in row-major order.
 *
 * Fixed-size elements are little-endian bytes, just as they arrive and leave on the wire, so that
 * nothing is converted on the way to the runtime. `data.byteOffset` is a multiple of the element
 * size. An element of BYTES is a byte string of its own (UTF-8 where it is text).
 */
export type Tensor = FixedTensor | BytesTensor;

export interface FixedTensor {
  readonly datatype: FixedDatatype;
  /** Sizes of the dimensions; empty for a scalar, and any of them may be 0. */
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export interface BytesTensor {
  readonly datatype: 'BYTES';
  readonly shape: readonly number[];
  readonly data: readonly Uint8Array[];
}
