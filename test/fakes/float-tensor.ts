import type { FixedTensor } from '../../src/protocol/tensor.ts';

/** An FP32 tensor of `values`. */
export function floatTensor(shape: readonly number[], values: readonly number[]): FixedTensor {
  return { datatype: 'FP32', shape, data: new Uint8Array(Float32Array.from(values).buffer) };
}
