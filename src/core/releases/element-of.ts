import { elementBytes } from '../../protocol/element-bytes.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { elementGetters } from '../element-getters.ts';

/** What gives the element of a tensor at a place: a number, one of 64 bits as it is, or a text. */
export function elementOf({ datatype, data }: Tensor): (place: number) => number | bigint | string {
  if (datatype === 'BYTES') {
    const decoder = new TextDecoder();
    return (place) => decoder.decode(data[place]);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const get = elementGetters[datatype];
  const bytes = elementBytes[datatype];
  return (place) => get(view, place * bytes);
}
