import { ByteWriter } from '../../protocol/byte-writer.ts';
import { countElements } from '../../protocol/count-elements.ts';
import { encodeNested } from '../../protocol/encode-nested.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';

const mostElements = 4096;

/** JSON of a record's tensor for people to look at: of one that is large, or that JSON cannot carry, what it is. */
export function tensorJson(tensor: Tensor): string {
  const inWords = JSON.stringify(`${tensor.datatype} of the shape [${tensor.shape}]`);
  if (countElements(tensor.shape) > mostElements) return inWords;
  try {
    const writer = new ByteWriter();
    encodeNested(writer, '', tensor);
    return new TextDecoder().decode(writer.finish());
  } catch (error) {
    if (error instanceof ServiceError) return inWords;
    throw error;
  }
}
