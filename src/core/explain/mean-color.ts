import { elementBytes } from '../../protocol/element-bytes.ts';
import { elementWriters } from '../../protocol/element-writers.ts';
import { elementGetters } from '../element-getters.ts';
import type { PicturePlanes } from './picture-planes.ts';

/** The bytes of a tensor that has the mean of each channel of what a picture fills. */
export function meanColor({ tensor, channels, inner, width, height, at }: PicturePlanes): Uint8Array<ArrayBuffer> {
  const { datatype } = tensor;
  const size = elementBytes[datatype];
  const [read, write] = [elementGetters[datatype], elementWriters[datatype]];
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  const data = new Uint8Array(tensor.data.length);
  const made = new DataView(data.buffer);
  const pixels = Math.max(1, (inner.right - inner.left) * (inner.bottom - inner.top));
  for (let channel = 0; channel < channels; channel += 1) {
    let sum = 0;
    for (let y = inner.top; y < inner.bottom; y += 1)
      for (let x = inner.left; x < inner.right; x += 1) sum += Number(read(view, at(channel, x, y) * size));
    const mean = sum / pixels;
    const value = datatype === 'FP32' || datatype === 'FP64' ? mean : Math.round(mean);
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) write?.(made, at(channel, x, y) * size, value);
  }
  return data;
}
