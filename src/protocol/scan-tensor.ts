import { allocateBytes } from './allocate-bytes.ts';
import { checkShape } from './check-shape.ts';
import { countElements } from './count-elements.ts';
import type { Datatype } from './datatype.ts';
import { elementBytes } from './element-bytes.ts';
import type { InputTensor } from './inference.ts';
import type { JsonScanner } from './json-scanner.ts';
import { readBooleans } from './read-booleans.ts';
import { readTexts } from './read-texts.ts';
import { type ReadRow, scanArray } from './scan-array.ts';
import { readFloats } from './scan-floats.ts';
import { readIntegers } from './scan-integers.ts';
import { ServiceError } from './service-error.ts';

/**
 * Reads an input's `data` at the scanner, straight into the bytes that the runtime takes. Throws 400 as the rooms below
 * do, 413 past a limit.
 */
export function scanTensor(
  scanner: JsonScanner,
  input: string,
  datatype: Datatype,
  shape: readonly number[],
): InputTensor['data'] {
  checkShape(input, datatype, shape, scanner.limits);
  const elements = countElements(shape);
  // An element takes a byte of text at least, so no claim in the shape can make this allocate much: where it is of more
  // than can come, those that do are counted, to say so.
  const kept = elements > scanner.bytes.length ? 0 : elements;
  if (datatype === 'BYTES') {
    const texts: Uint8Array[] = [];
    scanArray(scanner, input, shape, 'strings', readTexts(texts, input, kept));
    return texts;
  }
  const data = allocateBytes(kept * elementBytes[datatype]);
  const kind = datatype === 'BOOL' ? 'booleans' : 'numbers';
  scanArray(scanner, input, shape, kind, rowReader(data, input, datatype));
  return data;
}

function rowReader(data: Uint8Array, input: string, datatype: Exclude<Datatype, 'BYTES'>): ReadRow {
  switch (datatype) {
    case 'FP32':
      return readFloats(new Float32Array(data.buffer, data.byteOffset, data.length / 4), input, datatype);
    case 'FP64':
      return readFloats(new Float64Array(data.buffer, data.byteOffset, data.length / 8), input, datatype);
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
