import { datatypeOf } from './datatype-of.ts';

// Those that the protocol has no name for, as ONNX names them. Source: onnx.proto3, TensorProto.DataType.
const others: Readonly<Record<number, string>> = {
  14: 'COMPLEX64',
  15: 'COMPLEX128',
  17: 'FLOAT8E4M3FN',
  18: 'FLOAT8E4M3FNUZ',
  19: 'FLOAT8E5M2',
  20: 'FLOAT8E5M2FNUZ',
  21: 'UINT4',
  22: 'INT4',
  23: 'FLOAT4E2M1',
};

/** What to call one of the runtime's element types. */
export function elementTypeName(elementType: number): string {
  return datatypeOf(elementType) ?? others[elementType] ?? `number ${elementType}`;
}
