import fc from 'fast-check';
import { contentsField, contentsFields } from '../../src/grpc/contents-field.ts';
import { datatypes } from '../../src/protocol/datatypes.ts';
import { elementBytes } from '../../src/protocol/element-bytes.ts';
import type { InputTensor } from '../../src/protocol/inference.ts';
import { packTensor } from '../../src/protocol/pack-tensor.ts';

// As long as names may be in these tests: a grapheme may be several characters.
const names = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }).filter((name) => name.length <= 20);
const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** Tensors of every datatype, with any elements: booleans are 0 or 1. */
export const anyTensor: fc.Arbitrary<InputTensor> = fc
  .tuple(names, fc.constantFrom(...datatypes.words), shapes)
  .chain(([name, datatype, shape]): fc.Arbitrary<InputTensor> => {
    const elements = shape.reduce((product, each) => product * each, 1);
    if (datatype === 'BYTES') {
      const data = fc.array(fc.uint8Array({ maxLength: 9 }), { minLength: elements, maxLength: elements });
      return data.map((texts) => ({ name, datatype, shape, data: texts.map((text) => text.slice()) }));
    }
    const length = elements * elementBytes[datatype];
    const data = fc.uint8Array({ minLength: length, maxLength: length });
    return data.map((bytes) => {
      const copy = bytes.slice();
      return { name, datatype, shape, data: datatype === 'BOOL' ? copy.map((byte) => byte & 1) : copy };
    });
  });

/** A tensor's elements as protobufjs takes and gives those of its typed contents. */
export function typedContents(tensor: InputTensor): Record<string, unknown[]> {
  return { [contentsFields[contentsField[tensor.datatype]] as string]: elementsOf(tensor) };
}

function elementsOf({ datatype, data }: InputTensor): unknown[] {
  if (datatype === 'BYTES') return data.map((text) => Buffer.from(text));
  const { buffer, byteOffset } = data;
  const count = data.length / elementBytes[datatype];
  switch (datatype) {
    case 'BOOL':
      return Array.from(data, (byte) => byte === 1);
    case 'INT8':
      return [...new Int8Array(buffer, byteOffset, count)];
    case 'INT16':
      return [...new Int16Array(buffer, byteOffset, count)];
    case 'INT32':
      return [...new Int32Array(buffer, byteOffset, count)];
    case 'INT64':
      return Array.from(new BigInt64Array(buffer, byteOffset, count), String);
    case 'UINT8':
      return [...data];
    case 'UINT16':
      return [...new Uint16Array(buffer, byteOffset, count)];
    case 'UINT32':
      return [...new Uint32Array(buffer, byteOffset, count)];
    case 'UINT64':
      return Array.from(new BigUint64Array(buffer, byteOffset, count), String);
    case 'FP32':
      return [...new Float32Array(buffer, byteOffset, count)];
    case 'FP64':
      return [...new Float64Array(buffer, byteOffset, count)];
    default:
      throw new Error(`${datatype} has no typed contents`);
  }
}

/** A tensor's raw contents. */
export function rawContents(tensor: InputTensor): Buffer {
  return Buffer.from(packTensor(tensor));
}
