import { Tensor as BindingTensor } from 'onnxruntime-node';
import type { FixedDatatype } from '../../protocol/datatype.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { datatypes } from './datatypes.ts';

const views: Readonly<
  Record<FixedDatatype, new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView>
> = {
  BOOL: Uint8Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP16: Uint16Array,
  BF16: Uint16Array,
  FP32: Float32Array,
  FP64: Float64Array,
};
const names = Object.fromEntries(Object.entries(datatypes).map(([name, datatype]) => [datatype, name]));
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A tensor as the binding takes it, over the same memory. Throws ServiceError 400 for byte strings that it cannot take.
 */
export function toBinding({ datatype, shape, data }: Tensor): BindingTensor {
  if (datatype === 'BYTES') return new BindingTensor('string', data.map(decode), [...shape]);
  const type = names[datatype];
  if (!type) throw new ServiceError(400, `${datatype} cannot be fed through the binding; use the native engine`);
  const count = data.length / elementBytes[datatype];
  const view = new views[datatype](data.buffer as ArrayBuffer, data.byteOffset, count);
  const tensor = { type, data: view, dims: [...shape], location: 'cpu' };
  // Its native side reads these fields alone, and FP16 only from a Uint16Array, which the class turns into a
  // Float16Array on Node 23 and later (microsoft/onnxruntime#32323).
  return tensor as unknown as BindingTensor;
}

function decode(text: Uint8Array): string {
  // Its native side would end the string there.
  if (text.includes(0)) throw new ServiceError(400, 'BYTES with zero bytes need the native engine');
  try {
    return decoder.decode(text);
  } catch (error) {
    throw new ServiceError(400, 'BYTES that are not valid UTF-8 need the native engine', { cause: error });
  }
}
