import type { Datatype } from '../../protocol/datatype.ts';
import type { JsonObject } from './json-object.ts';

// Numbers in JSON that a JavaScript number cannot hold.
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

const largestFloat32 = 3.4028234663852886e38;

const schemas: Readonly<Record<Datatype, JsonObject>> = {
  BOOL: { type: ['boolean', 'integer'], minimum: 0, maximum: 1 },
  UINT8: { type: 'integer', minimum: 0, maximum: 255 },
  UINT16: { type: 'integer', minimum: 0, maximum: 65535 },
  UINT32: { type: 'integer', minimum: 0, maximum: 4294967295 },
  UINT64: { type: 'integer', format: 'uint64', minimum: 0, maximum: rawJSON('18446744073709551615') },
  INT8: { type: 'integer', minimum: -128, maximum: 127 },
  INT16: { type: 'integer', minimum: -32768, maximum: 32767 },
  INT32: { type: 'integer', format: 'int32', minimum: -2147483648, maximum: 2147483647 },
  INT64: {
    type: 'integer',
    format: 'int64',
    minimum: rawJSON('-9223372036854775808'),
    maximum: rawJSON('9223372036854775807'),
  },
  FP16: { not: {} },
  BF16: { not: {} },
  FP32: { type: 'number', format: 'float', minimum: -largestFloat32, maximum: largestFloat32 },
  FP64: { type: 'number', format: 'double' },
  BYTES: { type: 'string' },
};

/** What an element of a tensor is in JSON, which cannot carry FP16 and BF16. */
export function elementSchema(datatype: Datatype): JsonObject {
  return schemas[datatype];
}
