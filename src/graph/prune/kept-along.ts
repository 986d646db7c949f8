import { countElements } from '../../protocol/count-elements.ts';
import { collectBytes } from '../collect-bytes.ts';
import { makeTensor } from '../make-tensor.ts';
import type { OnnxTensor } from '../onnx-model.ts';

/** The places of a tensor along one of its axes that are kept; read and cut as it is written. */
export function keptAlong(tensor: OnnxTensor, axis: number, kept: readonly number[]): OnnxTensor {
  const { name, dataType, shape, data } = tensor;
  const before = countElements(shape.slice(0, axis));
  const size = shape[axis] as number;
  const bytes = data.length / before / size;
  const length = before * kept.length * bytes;
  const cut = async () => {
    const all = await collectBytes(data);
    const left = new Uint8Array(length);
    for (let row = 0; row < before; row += 1)
      for (const [at, place] of kept.entries()) {
        const from = (row * size + place) * bytes;
        left.set(all.subarray(from, from + bytes), (row * kept.length + at) * bytes);
      }
    return left;
  };
  return makeTensor(name, dataType, shape.with(axis, kept.length), {
    length,
    async *pieces() {
      yield await cut();
    },
  });
}
