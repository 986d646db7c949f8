/**
 * The element types of the Open Inference Protocol v2, with Triton's BF16.
 *
 * Source: Open Inference Protocol, "Tensor Data Types"; Triton's binary tensor extension for BF16.
 */
export type Datatype = FixedDatatype | 'BYTES';

export type FixedDatatype =
  | 'BOOL'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FP16'
  | 'BF16'
  | 'FP32'
  | 'FP64';
