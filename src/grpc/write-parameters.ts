import type { Parameters } from '../protocol/inference.ts';
import { wireType } from './protobuf-reader.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** Writes parameters as entries of the map `field`. */
export function writeParameters(writer: ProtobufWriter, field: number, parameters: Parameters): void {
  for (const [key, value] of Object.entries(parameters)) {
    const entry = writer.length;
    if (typeof value === 'string') writer.content(3, new TextEncoder().encode(value));
    else if (typeof value === 'boolean') {
      writer.varint(value ? 1 : 0);
      writer.tag(1, wireType.varint);
    } else if (Number.isSafeInteger(value)) {
      writer.varint(value);
      writer.tag(2, wireType.varint);
    } else {
      writer.double(value);
      writer.tag(4, wireType.eightBytes);
    }
    writer.wrap(2, entry);
    writer.text(1, key);
    writer.wrap(field, entry);
  }
}
