import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import type { ItemOutputs } from './flow.ts';

/** Outputs of an item with one of them, as FP32 in its own shape, made of other numbers. */
export function withNumbers(outputs: ItemOutputs, name: string, numbers: readonly number[]): ItemOutputs {
  const data = allocateBytes(numbers.length * 4);
  new Float32Array(data.buffer, data.byteOffset, numbers.length).set(numbers);
  const shape = outputs.tensors.get(name)?.shape ?? [1, numbers.length];
  const tensors = new Map(outputs.tensors).set(name, { name, datatype: 'FP32', shape, data });
  return { ...outputs, tensors };
}
