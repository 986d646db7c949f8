import type { BenchModel } from '../models/bench-model.ts';
import { inputData } from '../models/input-data.ts';

/** A ModelInferRequest for `model` on its input, in raw contents. */
export function grpcMessage({ name, input }: BenchModel): Buffer {
  const values = inputData(input);
  const shape = packed(3, Buffer.concat(input.shape.map(varint)));
  const tensor = Buffer.concat([packed(1, Buffer.from(input.name)), packed(2, Buffer.from(input.datatype)), shape]);
  return Buffer.concat([packed(1, Buffer.from(name)), packed(5, tensor), packed(7, new Uint8Array(values.buffer))]);
}

function packed(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
