import { seededRandom } from '../../../src/core/seeded-random.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';

export type FloatType = 'FP32' | 'FP64';

const arrays = { FP32: Float32Array, FP64: Float64Array };
const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** A tensor of floats. */
export function tensorOf(datatype: FloatType, shape: readonly number[], values: readonly number[]): FixedTensor {
  return { datatype, shape, data: new Uint8Array(arrays[datatype].from(values).buffer) };
}

/** The elements of a tensor of floats. */
export function valuesOf({ datatype, data }: FixedTensor): number[] {
  const aligned = data.slice();
  return [...new arrays[datatype as FloatType](aligned.buffer)];
}

/** Numbers between `least` and `most`, the same each time. */
export function randoms(shape: readonly number[], least = -1, most = 1, seed = 1): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count(shape) }, () => least + (most - least) * random());
}

/** Whole numbers from −`most` to `most`, none of them 0, the same each time. */
export function wholes(shape: readonly number[], most = 4, seed = 1): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count(shape) }, () => (Math.floor(random() * most) + 1) * (random() < 0.5 ? -1 : 1));
}
