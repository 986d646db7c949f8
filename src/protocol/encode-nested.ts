import type { ByteWriter } from './byte-writer.ts';
import { encodeElements } from './encode-elements.ts';
import { rowOf } from './row-of.ts';
import type { Tensor } from './tensor.ts';

/**
 * Writes a tensor as JSON that nests as its shape says: a scalar is one value, a matrix an array of rows.
 *
 * NaN and infinities are strings. Throws 400 for what JSON cannot carry, as `encodeElements` does.
 */
export function encodeNested(writer: ByteWriter, name: string, tensor: Tensor): void {
  const { shape } = tensor;
  if (shape.length === 0) {
    const start = writer.at;
    encodeElements(writer, name, tensor);
    // Without the brackets around the one element.
    writer.bytes.copyWithin(start, start + 1, writer.at - 1);
    writer.at -= 2;
    return;
  }
  if (shape.length === 1) {
    encodeElements(writer, name, tensor);
    return;
  }
  const count = shape[0] as number;
  writer.text('[');
  for (let row = 0; row < count; row += 1) {
    if (row > 0) writer.text(',');
    encodeNested(writer, name, rowOf(tensor, row));
  }
  writer.text(']');
}
