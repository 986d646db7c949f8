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
  /** Where the data lies instead, in the memory of a device: `data` copies it from there when it is first read. */
  readonly held?: HeldData;
}

/** What a tensor's elements are, and how they are laid out. */
export type TensorKind = Pick<FixedTensor, 'datatype' | 'shape'>;

export interface BytesTensor {
  readonly datatype: 'BYTES';
  readonly shape: readonly number[];
  readonly data: readonly Uint8Array[];
  readonly held?: undefined;
}

/** Data of a tensor in the memory of a device, where a run left it. Whoever had it left there releases it. */
export interface HeldData {
  /** `cuda:0`, say: a model that runs there takes it as it is. */
  readonly device: string;
  readonly bytes: number;
  release(): void;
}
