import { seededRandom } from '../../src/core/seeded-random.ts';
import type { OnnxTensor } from '../../test/fakes/onnx-builder.ts';
import { randomFloats } from './random-floats.ts';

const random = seededRandom();

/** Weights that give an output as large as the input: values neither vanish nor explode from layer to layer. */
export function randomWeight(name: string, rows: number, columns: number): OnnxTensor {
  // The variance of values from -m to m is m²/3; that of a sum of `rows` products is to be 1.
  const data = randomFloats(rows * columns, Math.sqrt(3 / rows), random);
  return { name, datatype: 'FP32', shape: [rows, columns], data: new Uint8Array(data.buffer) };
}
