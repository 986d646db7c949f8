import type { Datatype } from '../../protocol/datatype.ts';

const types: Readonly<Record<Datatype, string>> = {
  BOOL: 'bool',
  UINT8: 'np.uint8',
  UINT16: 'np.uint16',
  UINT32: 'np.uint32',
  UINT64: 'np.uint64',
  INT8: 'np.int8',
  INT16: 'np.int16',
  INT32: 'np.int32',
  INT64: 'np.int64',
  FP16: 'np.float16',
  BF16: 'ml_dtypes.bfloat16',
  FP32: 'np.float32',
  FP64: 'np.float64',
  BYTES: 'str',
};

/** How Python writes a datatype, for `array.astype`. */
export function numpyType(datatype: Datatype): string {
  return types[datatype];
}
