import { dataTypes } from '../data-types.ts';
import type { OnnxTensor } from '../onnx-model.ts';

const mostIntegers = 64;

/** The elements of a tensor that is a scalar or short list of integers; undefined where it is something else. */
export function integersOf({ dataType, shape, data }: OnnxTensor): readonly number[] | undefined {
  const [count = 1, ...more] = shape;
  if (!data.held || more.length > 0 || count > mostIntegers) return undefined;
  const view = new DataView(data.held.buffer, data.held.byteOffset, data.length);
  if (dataType === dataTypes.INT32) return Array.from({ length: count }, (_item, at) => view.getInt32(4 * at, true));
  if (dataType !== dataTypes.INT64) return undefined;
  return Array.from({ length: count }, (_item, at) => Number(view.getBigInt64(8 * at, true)));
}
