import { countElements } from './count-elements.ts';
import type { Datatype } from './datatype.ts';
import { elementBytes } from './element-bytes.ts';
import type { JsonScanner } from './json-scanner.ts';
import { type ReadRow, scanArray } from './scan-array.ts';
import { readFloats } from './scan-floats.ts';
import { readIntegers } from './scan-integers.ts';
import { ServiceError } from './service-error.ts';
import type { Tensor } from './tensor.ts';

/** Reads a tensor's `data` at the scanner, straight into the bytes that the runtime takes. Throws 400 as the rooms below do. */
export function scanTensor(scanner: JsonScanner, input: string, datatype: Datatype, shape: readonly number[]): Tensor {
  const elements = countElements(shape);
  // An element takes two bytes of text at least, so no claim in the shape can make this allocate much.
  if (elements > scanner.bytes.length) {
    throw new ServiceError(
      400,
      `input '${input}': the shape [${shape}] is ${elements} elements, more than the body holds`,
    );
  }
  if (datatype === 'BYTES') {
    const data: Uint8Array[] = [];
    scanArray(scanner, input, shape, readTexts(data));
    return { datatype, shape, data };
  }
  const data = new Uint8Array(elements * elementBytes[datatype]);
  scanArray(scanner, input, shape, rowReader(data, input, datatype));
  return { datatype, shape, data };
}

function rowReader(data: Uint8Array, input: string, datatype: Exclude<Datatype, 'BYTES'>): ReadRow {
  switch (datatype) {
    case 'FP32':
      return readFloats(new Float32Array(data.buffer), `input '${input}'`, datatype);
    case 'FP64':
      return readFloats(new Float64Array(data.buffer), `input '${input}'`, datatype);
    case 'BOOL':
      return readBooleans(data, input);
    case 'FP16':
    case 'BF16':
      throw new ServiceError(
        400,
        `input '${input}': JSON cannot carry ${datatype}; send the tensor as binary data (binary_data_size)`,
      );
    default:
      return readIntegers(data, input, datatype);
  }
}

function readBooleans(out: Uint8Array, input: string): ReadRow {
  return (scanner, from) => {
    let index = from;
    for (;;) {
      const byte = scanner.next();
      if (byte === 0x30 || byte === 0x31) {
        out[index] = byte - 0x30;
        scanner.at += 1;
      } else if (byte === 0x74 || byte === 0x66) out[index] = scanner.word() ? 1 : 0;
      else scanner.fail(`true or false for input '${input}'`);
      index += 1;
      if (scanner.next() !== 0x2c) return index;
      scanner.at += 1;
    }
  };
}

const encoder = new TextEncoder();

function readTexts(out: Uint8Array[]): ReadRow {
  return (scanner, from) => {
    let index = from;
    for (;;) {
      out.push(encoder.encode(scanner.string()));
      index += 1;
      if (scanner.next() !== 0x2c) return index;
      scanner.at += 1;
    }
  };
}
