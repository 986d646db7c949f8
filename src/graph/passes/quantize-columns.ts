import { countElements } from '../../protocol/count-elements.ts';
import { dataTypes } from '../data-types.ts';
import { makeTensor } from '../make-tensor.ts';
import type { Names } from '../names.ts';
import type { OnnxTensor } from '../onnx-model.ts';
import { floatRows } from './float-rows.ts';
import { symmetricNumber } from './symmetric-number.ts';
import { symmetricScale } from './symmetric-scale.ts';

const rowsAtOnce = 32;

/**
 * A FLOAT matrix, or a stack of such, as INT8: its values, a scale for each column, and zero points, which are 0.
 * `isReduced` leaves out the highest bit. As onnxruntime.quantization does it per channel, byte for byte.
 */
export function quantizeColumns(weight: OnnxTensor, names: Names, isReduced: boolean): readonly OnnxTensor[] {
  const stack = weight.shape.slice(0, -2);
  const matrices = countElements(stack);
  const columns = weight.shape.at(-1) ?? 0;
  const rows = { ...weight, shape: [weight.data.length / 4 / columns, columns] };
  // Few bytes, which the values need too: they are computed once.
  let known: Promise<Float32Array<ArrayBuffer>> | undefined;
  const scales = () => {
    known ??= columnScales(rows, columns, isReduced);
    return known;
  };
  // Of a stack, the runtime takes those of each matrix alone.
  const shape = stack.length > 0 ? [...stack, 1, columns] : [columns];
  return [
    makeTensor(names.fresh(`${weight.name}_quantized`), dataTypes.INT8, weight.shape, {
      length: weight.data.length / 4,
      pieces: async function* pieces() {
        yield* quantized(rows, columns, await scales());
      },
    }),
    makeTensor(names.fresh(`${weight.name}_scale`), dataTypes.FLOAT, shape, {
      length: 4 * columns * matrices,
      pieces: async function* pieces() {
        const bytes = new Uint8Array((await scales()).buffer);
        for (let matrix = 0; matrix < matrices; matrix += 1) yield bytes;
      },
    }),
    makeTensor(names.fresh(`${weight.name}_zero_point`), dataTypes.INT8, shape, new Uint8Array(columns * matrices)),
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
