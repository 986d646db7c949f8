const slabBytes = 64 * 1024;
const mostFromSlab = slabBytes / 8;

let slab = new ArrayBuffer(slabBytes);
let used = 0;

/**
 * Zeroed bytes that start at a multiple of 8.
 *
 * Small ones lie in one buffer with others, since to set up a buffer takes longer than to fill a small one.
 */
export function allocateBytes(length: number): Uint8Array {
  if (length > mostFromSlab) return new Uint8Array(length);
  if (used + length > slabBytes) {
    slab = new ArrayBuffer(slabBytes);
    used = 0;
  }
  const bytes = new Uint8Array(slab, used, length);
  used = (used + length + 7) & ~7;
  return bytes;
}
