import type { Tensor as BindingTensor } from 'onnxruntime-node';
import type { FixedDatatype } from '../../protocol/datatype.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { datatypes } from './datatypes.ts';

/** An output of the binding, over the memory it came in. */
export function fromBinding(tensor: BindingTensor | undefined): Tensor {
  if (!tensor) throw new Error('the binding left an output out');
  const { type, data, dims: shape } = tensor;
  if (Array.isArray(data)) return { datatype: 'BYTES', shape, data: data.map((text) => Buffer.from(String(text))) };
  const { buffer, byteOffset, byteLength } = data as Uint8Array;
  return { datatype: datatypes[type] as FixedDatatype, shape, data: new Uint8Array(buffer, byteOffset, byteLength) };
}
