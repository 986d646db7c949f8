import type { Tensor } from '../protocol/tensor.ts';
import { contentsField } from './contents-field.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/**
 * Writes a tensor's elements as the typed field of their datatype, packed; none for FP16 and BF16, which have no such
 * field.
 */
export function writeContents(writer: ProtobufWriter, { datatype, data }: Tensor): void {
  const field = contentsField[datatype];
  if (datatype === 'BYTES') {
    for (let index = data.length - 1; index >= 0; index -= 1) writer.content(field, data[index] as Uint8Array);
    return;
  }
  const before = writer.length;
  const { buffer, byteOffset, length } = data;
  if (datatype === 'BOOL' || datatype === 'FP32' || datatype === 'FP64') writer.raw(data);
  else if (datatype === 'INT8') writeNumbers(writer, new Int8Array(buffer, byteOffset, length));
  else if (datatype === 'UINT8') writeNumbers(writer, data);
  else if (datatype === 'INT16') writeNumbers(writer, new Int16Array(buffer, byteOffset, length / 2));
  else if (datatype === 'UINT16') writeNumbers(writer, new Uint16Array(buffer, byteOffset, length / 2));
  else if (datatype === 'INT32') writeNumbers(writer, new Int32Array(buffer, byteOffset, length / 4));
  else if (datatype === 'UINT32') writeNumbers(writer, new Uint32Array(buffer, byteOffset, length / 4));
  else writeLongs(writer, new Uint32Array(buffer, byteOffset, length / 4));
  writer.wrap(field, before);
}

function writeNumbers(
  writer: ProtobufWriter,
  elements: Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array,
): void {
  for (let index = elements.length - 1; index >= 0; index -= 1) writer.varint(elements[index] as number);
}

function writeLongs(writer: ProtobufWriter, halves: Uint32Array): void {
  for (let index = halves.length - 2; index >= 0; index -= 2) {
    writer.varintOf(halves[index] as number, halves[index + 1] as number);
  }
}
