import { allocateBytes } from '../protocol/allocate-bytes.ts';
import { countElements } from '../protocol/count-elements.ts';
import type { Datatype } from '../protocol/datatype.ts';
import { elementBytes } from '../protocol/element-bytes.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { Tensor } from '../protocol/tensor.ts';
import { ContentsReader } from './contents-reader.ts';
import type { ScannedInput } from './scan-input-tensor.ts';
import { storeVarint } from './store-varint.ts';

/**
 * An input's typed contents as the runtime takes them; texts lie over the message. Throws 400 as ContentsReader does.
 */
export function readContents(message: Uint8Array, input: ScannedInput, datatype: Datatype): Tensor {
  const { name, shape } = input;
  if (datatype === 'FP16' || datatype === 'BF16') {
    throw new ServiceError(400, `input '${name}': ${datatype} has no typed contents; send it in raw_input_contents`);
  }
  const elements = countElements(shape);
  const reader = new ContentsReader(message, input, datatype, elements);
  if (datatype === 'BYTES') return { datatype, shape, data: reader.texts() };
  // An element takes a byte at least, so no claim in the shape can make this allocate much.
  if (elements > message.length) {
    throw new ServiceError(
      400,
      `input '${name}': shape [${shape}] is ${elements} elements, more than the message holds`,
    );
  }
  const data = allocateBytes(elements * elementBytes[datatype]);
  if (datatype === 'FP32' || datatype === 'FP64') reader.floats(data, datatype);
  else reader.varints(storeVarint(data, name, datatype));
  return { datatype, shape, data };
}
