import { dataTypes } from '../data-types.ts';
import { makeTensor } from '../make-tensor.ts';
import type { Names } from '../names.ts';
import type { OnnxTensor } from '../onnx-model.ts';
import { floatRows } from './float-rows.ts';
import { symmetricNumber } from './symmetric-number.ts';
import { symmetricScale } from './symmetric-scale.ts';

const rowsAtOnce = 32;

/**
 * A FLOAT matrix as INT8: its values, a scale for each column, and zero points, which are 0. `isReduced` leaves out the highest bit.
 * As onnxruntime.quantization does it per channel, byte for byte.
 */
export function quantizeColumns(weight: OnnxTensor, names: Names, isReduced: boolean): readonly OnnxTensor[] {
  const [, columns = 0] = weight.shape;
  // Few bytes, which the values need too: they are computed once.
  let known: Promise<Float32Array<ArrayBuffer>> | undefined;
  const scales = () => {
    known ??= columnScales(weight, columns, isReduced);
    return known;
  };
  return [
    makeTensor(names.fresh(`${weight.name}_quantized`), dataTypes.INT8, weight.shape, {
      length: weight.data.length / 4,
      pieces: async function* pieces() {
        yield* quantized(weight, columns, await scales());
      },
    }),
    makeTensor(names.fresh(`${weight.name}_scale`), dataTypes.FLOAT, [columns], {
      length: 4 * columns,
      pieces: async function* pieces() {
        yield new Uint8Array((await scales()).buffer);
      },
    }),
    makeTensor(names.fresh(`${weight.name}_zero_point`), dataTypes.INT8, [columns], new Uint8Array(columns)),
  ];
}

async function columnScales(
  weight: OnnxTensor,
  columns: number,
  isReduced: boolean,
): Promise<Float32Array<ArrayBuffer>> {
  const greatest = new Float32Array(columns);
  for await (const { values } of floatRows(weight, rowsAtOnce))
    for (let at = 0; at < values.length; )
      for (let column = 0; column < columns; column += 1, at += 1) {
        const size = Math.abs(values[at] as number);
        if (size > (greatest[column] as number)) greatest[column] = size;
      }
  return greatest.map((size) => symmetricScale(size, isReduced ? 64 : 127));
}

async function* quantized(weight: OnnxTensor, columns: number, scales: Float32Array): AsyncGenerator<Uint8Array> {
  for await (const { values } of floatRows(weight, rowsAtOnce)) {
    const numbers = new Int8Array(values.length);
    for (let at = 0; at < values.length; )
      for (let column = 0; column < columns; column += 1, at += 1)
        numbers[at] = symmetricNumber(values[at] as number, scales[column] as number);
    yield new Uint8Array(numbers.buffer);
  }
}
