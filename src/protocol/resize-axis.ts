import { countElements } from './count-elements.ts';
import { elementBytes } from './element-bytes.ts';
import type { FixedTensor } from './tensor.ts';

/**
 * A tensor with dimension `axis` of `size` elements: cut, or filled up with `element`, the bytes of one element; zeros
 * without it.
 */
export function resizeAxis<T extends FixedTensor>(tensor: T, axis: number, size: number, element?: Uint8Array): T {
  const { datatype, shape, data } = tensor;
  const before = shape[axis] ?? 0;
  if (before === size) return tensor;
  const each = elementBytes[datatype] * countElements(shape.slice(axis + 1));
  const [from, to] = [before * each, size * each];
  const kept = Math.min(from, to);
  const parts = countElements(shape.slice(0, axis));
  const resized = new Uint8Array(parts * to);
  if (element?.some((byte) => byte !== 0)) fill(resized, element);
  for (let part = 0; part < parts; part += 1) {
    resized.set(data.subarray(part * from, part * from + kept), part * to);
  }
  return { ...tensor, shape: shape.with(axis, size), data: resized };
}

function fill(bytes: Uint8Array, element: Uint8Array): void {
  bytes.set(element.subarray(0, bytes.length));
  for (let filled = element.length; filled < bytes.length; filled *= 2) bytes.copyWithin(filled, 0, filled);
}
