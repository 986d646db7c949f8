import type { OnnxTensor } from '../onnx-model.ts';
import { floatsOf } from './floats-of.ts';

/** The length of what is at each place of a FLOAT matrix along one of its axes. */
export async function normsAlong(matrix: OnnxTensor, axis: 0 | 1): Promise<Float64Array> {
  const [rows = 0, columns = 0] = matrix.shape;
  const values = await floatsOf(matrix);
  const sums = new Float64Array(axis === 0 ? rows : columns);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const at = axis === 0 ? row : column;
      sums[at] = (sums[at] as number) + (values[row * columns + column] as number) ** 2;
    }
  return sums.map(Math.sqrt);
}
