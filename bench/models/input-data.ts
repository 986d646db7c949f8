import { seededRandom } from '../../src/core/seeded-random.ts';
import { countElements } from '../../src/protocol/count-elements.ts';
import type { BenchInput } from './bench-model.ts';
import { randomFloats } from './random-floats.ts';

/** The values that all sides are measured on: ordinary ones, as zeros and denormal numbers take another time. */
export function inputData({
  datatype,
  shape,
}: BenchInput): Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> {
  const values = randomFloats(countElements(shape), 1, seededRandom());
  if (datatype === 'FP32') return values;
  // Whole numbers are ids of words.
  if (datatype === 'INT64') return BigInt64Array.from(values, (value) => BigInt(Math.ceil((value + 1) * 15_000)));
  return Uint8Array.from(values, (value) => (value + 1) * 127.5);
}
