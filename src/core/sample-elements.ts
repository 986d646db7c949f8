import { elementBytes } from '../protocol/element-bytes.ts';
import type { Tensor } from '../protocol/tensor.ts';
import { elementGetters } from './element-getters.ts';

const mostElements = 1024;

/**
 * The elements of a tensor, or 1024 evenly spread over them; numbers that JSON lacks, 64-bit integers and byte strings
 * as text.
 */
export function sampleElements({ datatype, data }: Tensor): readonly (number | string)[] {
  const count = datatype === 'BYTES' ? data.length : data.length / elementBytes[datatype];
  const places = Array.from({ length: Math.min(count, mostElements) }, (_place, index) =>
    count <= mostElements ? index : Math.floor((index * (count - 1)) / (mostElements - 1)),
  );
  if (datatype === 'BYTES')
    return places.map((place) => String.fromCharCode(...(data[place] as Uint8Array).slice(0, 1024)));
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return places.map((place) => {
    const value = elementGetters[datatype](view, place * elementBytes[datatype]);
    return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
  });
}
