/** A copy of big-endian values of `size` bytes each, in little-endian order. */
export function littleEndian(data: Uint8Array, size: number): Uint8Array {
  const copy = new Uint8Array(data);
  for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  return copy;
}
