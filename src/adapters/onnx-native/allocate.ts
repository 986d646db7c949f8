// Under this size zeroing costs less than the detour around it.
const zeroedBytes = 64 * 1024;

/** Fresh memory for a tensor's data, to be overwritten whole. */
export function allocate(bytes: number): Uint8Array {
  if (bytes < zeroedBytes) return new Uint8Array(bytes);
  const { buffer } = Buffer.allocUnsafeSlow(bytes);
  return new Uint8Array(buffer);
}
