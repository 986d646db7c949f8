import { countElements } from '../../protocol/count-elements.ts';
/** A copy of an array whose first index runs quickest, with the last one running quickest. */
export function rowMajor(data: Uint8Array, shape: readonly number[], elementBytes: number): Uint8Array {
  const copy = new Uint8Array(data.length);
  // How far apart, in elements of `data`, neighbours along each dimension lie.
  const strides = shape.map((_size, axis) => countElements(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  let from = 0;
  for (let at = 0; at < copy.length; at += elementBytes) {
    copy.set(data.subarray(from * elementBytes, (from + 1) * elementBytes), at);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const next = (index[axis] as number) + 1;
      const stride = strides[axis] as number;
      from += stride;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      from -= next * stride;
      index[axis] = 0;
    }
  }
  return copy;
}
