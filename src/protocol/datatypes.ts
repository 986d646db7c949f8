import type { Datatype } from './datatype.ts';
import { KnownWords } from './known-words.ts';

/** Every datatype, by its name on the wire. */
export const datatypes = new KnownWords<Datatype>([
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'BF16',
  'FP32',
  'FP64',
  'BYTES',
]);
