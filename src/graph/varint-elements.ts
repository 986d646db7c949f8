import { collectBytes } from './collect-bytes.ts';
import { heldBytes } from './held-bytes.ts';
import type { StoredBytes } from './stored-bytes.ts';

const mostHeld = 1024;

/**
 * Elements of `width` bytes each, little-endian, of varints in a row. Rejects, when they are read, where they are not
 * as many as `length` bytes ask for.
 */
export async function varintElements(varints: StoredBytes, width: number, length: number): Promise<StoredBytes> {
  const stored = { length, pieces: () => elements(varints, width, length) };
  // An element takes a byte at least, so that this is no more than there is in the file.
  return length <= mostHeld ? heldBytes(await collectBytes(stored)) : stored;
}

async function* elements(varints: StoredBytes, width: number, length: number): AsyncGenerator<Uint8Array> {
  let left = length;
  let shift = 0;
  let low = 0;
  let high = 0;
  for await (const piece of varints.pieces()) {
    const into = new DataView(new ArrayBuffer(piece.length * width));
    let at = 0;
    for (const byte of piece) {
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else if (shift < 70) high |= bits << (shift - 32);
      shift += 7;
      if (byte >= 128) continue;
      put(into, at, width, low, high);
      at += width;
      shift = 0;
      low = 0;
      high = 0;
    }
    left -= at;
    if (left < 0) break;
    if (at > 0) yield new Uint8Array(into.buffer, 0, at);
  }
  if (left !== 0 || shift !== 0)
    throw new Error('not an ONNX file, or a damaged one (a tensor has not as many elements as its shape)');
}

function put(into: DataView, at: number, width: number, low: number, high: number): void {
  if (width === 1) into.setUint8(at, low & 255);
  else if (width === 2) into.setUint16(at, low & 65535, true);
  else into.setInt32(at, low, true);
  if (width === 8) into.setInt32(at + 4, high, true);
}
