import type { ByteWriter } from './byte-writer.ts';
import { encodeDoubles } from './encode-doubles.ts';
import { encodeFloats } from './encode-floats.ts';
import { encodeLongs } from './encode-longs.ts';
import { encodeTexts } from './encode-texts.ts';
import { encodeWholes } from './encode-wholes.ts';
import { notInJson } from './not-in-json.ts';
import type { FixedTensor, Tensor } from './tensor.ts';

/**
 * Writes a tensor's elements as a flat JSON array. NaN and infinities, which JSON lacks, are strings.
 *
 * Throws 400 for what JSON cannot carry: FP16, BF16, and BYTES that are no UTF-8.
 */
export function encodeElements(writer: ByteWriter, name: string, tensor: Tensor): void {
  writer.text('[');
  const start = writer.at;
  if (tensor.datatype === 'BYTES') encodeTexts(writer, name, tensor.data);
  else encodeEach(writer, name, tensor);
  // The comma behind the last element.
  if (writer.at > start) writer.at -= 1;
  writer.text(']');
}

function encodeEach(writer: ByteWriter, name: string, { datatype, data }: FixedTensor): void {
  const { buffer, byteOffset, byteLength } = data;
  if (datatype === 'FP32') encodeFloats(writer, new Float32Array(buffer, byteOffset, byteLength / 4));
  else if (datatype === 'FP64') encodeDoubles(writer, new Float64Array(buffer, byteOffset, byteLength / 8));
  else if (datatype === 'BOOL') encodeBooleans(writer, data);
  else if (datatype === 'INT8') encodeWholes(writer, new Int8Array(buffer, byteOffset, byteLength));
  else if (datatype === 'UINT8') encodeWholes(writer, data);
  else if (datatype === 'INT16') encodeWholes(writer, new Int16Array(buffer, byteOffset, byteLength / 2));
  else if (datatype === 'UINT16') encodeWholes(writer, new Uint16Array(buffer, byteOffset, byteLength / 2));
  else if (datatype === 'INT32') encodeWholes(writer, new Int32Array(buffer, byteOffset, byteLength / 4));
  else if (datatype === 'UINT32') encodeWholes(writer, new Uint32Array(buffer, byteOffset, byteLength / 4));
  else if (datatype === 'INT64') encodeLongs(writer, new BigInt64Array(buffer, byteOffset, byteLength / 8));
  else if (datatype === 'UINT64') encodeLongs(writer, new BigUint64Array(buffer, byteOffset, byteLength / 8));
  else throw notInJson(name, datatype);
}

function encodeBooleans(writer: ByteWriter, values: Uint8Array): void {
  for (const value of values) writer.text(value === 0 ? 'false,' : 'true,');
}
