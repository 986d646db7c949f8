import { dataTypes } from '../data-types.ts';
import { makeTensor } from '../make-tensor.ts';
import type { Names } from '../names.ts';
import type { OnnxTensor } from '../onnx-model.ts';
import { floatRows } from './float-rows.ts';
import { symmetricNumber } from './symmetric-number.ts';
import { symmetricScale } from './symmetric-scale.ts';

const rowsAtOnce = 64;

export interface RowOptions {
  /** The number that stands for what is farthest from 0 in a row. */
  readonly most: number;
  readonly scaleShape: readonly number[];
}

/** FLOAT rows, the first axis of a tensor, as INT8: its values, and a scale for each row. */
export function quantizeRows(
  weight: OnnxTensor,
  names: Names,
  { most, scaleShape }: RowOptions,
): readonly [values: OnnxTensor, scales: OnnxTensor] {
  const [rows = 0] = weight.shape;
  const columns = weight.data.length / 4 / rows;
  const flat = { ...weight, shape: [rows, columns] };
  return [
    makeTensor(names.fresh(`${weight.name}_quantized`), dataTypes.INT8, weight.shape, {
      length: weight.data.length / 4,
      async *pieces() {
        for await (const { count, values } of floatRows(flat, rowsAtOnce)) {
          const numbers = new Int8Array(values.length);
          for (let row = 0; row < count; row += 1) {
            const scale = rowScale(values, row, columns, most);
            for (let at = row * columns; at < (row + 1) * columns; at += 1)
              numbers[at] = symmetricNumber(values[at] as number, scale);
          }
          yield new Uint8Array(numbers.buffer);
        }
      },
    }),
    makeTensor(names.fresh(`${weight.name}_scale`), dataTypes.FLOAT, scaleShape, {
      length: 4 * rows,
      async *pieces() {
        for await (const { count, values } of floatRows(flat, rowsAtOnce))
          yield new Uint8Array(
            Float32Array.from({ length: count }, (_item, row) => rowScale(values, row, columns, most)).buffer,
          );
      },
    }),
  ];
}

function rowScale(values: Float32Array, row: number, columns: number, most: number): number {
  let greatest = 0;
  for (let at = row * columns; at < (row + 1) * columns; at += 1)
    greatest = Math.max(greatest, Math.abs(values[at] as number));
  return symmetricScale(greatest, most);
}
