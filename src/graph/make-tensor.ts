import { heldBytes } from './held-bytes.ts';
import { noBytes } from './no-bytes.ts';
import type { OnnxTensor } from './onnx-model.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** A tensor of what a pass writes; `data` is of as many bytes as its shape asks for. */
export function makeTensor(
  name: string,
  dataType: number,
  shape: readonly number[],
  data: StoredBytes | Uint8Array,
): OnnxTensor {
  return {
    name,
    dataType,
    shape,
    data: data instanceof Uint8Array ? heldBytes(data) : data,
    extra: noBytes,
  };
}
