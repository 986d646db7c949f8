import type { Picture } from '../../ports/picture.ts';
import type { ResizeFilter } from '../../ports/picture-settings.ts';
import { nextTurn } from '../pace/next-turn.ts';
import { Pace } from '../pace/pace.ts';
import { resizeFilters } from './resize-filters.ts';

/** Fixed point as Pillow has it, for 8 bits. */
const precisionBits = 22;
const half = 1 << (precisionBits - 1);
/** Products in a row, before others have their turn: a few milliseconds. */
const productsAtOnce = 4_000_000;

/** How much each pixel of a line counts for those of a line of another length. */
interface Weights {
  /** The first pixel that counts, for each new one, and how many do. */
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `most` for each new one. */
  readonly values: Int32Array;
  readonly most: number;
}

/**
 * A picture in another size. All pixels that a new one covers count, each by how near it is; with `nearest` one alone
 * does.
 *
 * As Pillow's `Image.resize(size, filter)` does it, to the bit: across, rounded to 8 bits, then down, in steps of
 * 2^-22; the other way round where that leaves out much more of its height. Others have their turn in between. Source:
 * Pillow 13, src/libImaging/Resample.c and Geometry.c; those before it always go across first, so that a value may be
 * another by 1.
 */
export async function resizePicture(
  picture: Picture,
  width: number,
  height: number,
  filter: ResizeFilter = 'bilinear',
): Promise<Picture> {
  if (picture.width === width && picture.height === height) return picture;
  if (filter === 'nearest') return nearest(picture, width, height);
  const isDownFirst = picture.height > height && picture.height - height > 2 * (picture.width - width);
  if (isDownFirst) return resizedAcross(await resizedDown(picture, height, filter), width, filter);
  return resizedDown(await resizedAcross(picture, width, filter), height, filter);
}

async function resizedAcross(source: Picture, width: number, filter: keyof typeof resizeFilters): Promise<Picture> {
  if (source.width === width) return source;
  const { height, channels } = source;
  const weights = weightsFor(source.width, width, filter);
  const pixels = new Uint8ClampedArray(width * height * channels);
  const rows = Math.max(1, Math.floor(productsAtOnce / (width * channels * weights.most)));
  for (let start = 0; start < height; start += rows) {
    if (start > 0) await nextTurn();
    for (let row = start; row < Math.min(height, start + rows); row += 1) {
      if (channels === 3) acrossColor(source, row, weights, pixels, width);
      else acrossPlain(source, row, weights, pixels, width);
    }
  }
  return { width, height, channels, pixels: new Uint8Array(pixels.buffer) };
}

/** The inner loop of three channels, which most pictures have. */
function acrossColor(
  { pixels: from, width: before }: Picture,
  row: number,
  { first, count, values, most }: Weights,
  to: Uint8ClampedArray,
  width: number,
): void {
  for (let column = 0; column < width; column += 1) {
    let red = half;
    let green = half;
    let blue = half;
    let at = (row * before + (first[column] as number)) * 3;
    const end = column * most + (count[column] as number);
    for (let index = column * most; index < end; index += 1) {
      const weight = values[index] as number;
      red += (from[at] as number) * weight;
      green += (from[at + 1] as number) * weight;
      blue += (from[at + 2] as number) * weight;
      at += 3;
    }
    const target = (row * width + column) * 3;
    to[target] = red >> precisionBits;
    to[target + 1] = green >> precisionBits;
    to[target + 2] = blue >> precisionBits;
  }
}

function acrossPlain(
  { pixels: from, width: before, channels }: Picture,
  row: number,
  { first, count, values, most }: Weights,
  to: Uint8ClampedArray,
  width: number,
): void {
  for (let target = 0; target < width * channels; target += 1) {
    const column = Math.floor(target / channels);
    let sum = half;
    let at = (row * before + (first[column] as number)) * channels + (target % channels);
    for (let index = 0; index < (count[column] as number); index += 1, at += channels) {
      sum += (from[at] as number) * (values[column * most + index] as number);
    }
    to[row * width * channels + target] = sum >> precisionBits;
  }
}

async function resizedDown(source: Picture, height: number, filter: keyof typeof resizeFilters): Promise<Picture> {
  if (source.height === height) return source;
  const { width, channels, pixels: from } = source;
  const { first, count, values, most } = weightsFor(source.height, height, filter);
  const rowBytes = width * channels;
  const pixels = new Uint8ClampedArray(height * rowBytes);
  const sums = new Int32Array(rowBytes);
  const rows = Math.max(1, Math.floor(productsAtOnce / (rowBytes * most)));
  for (let row = 0; row < height; row += 1) {
    if (row > 0 && row % rows === 0) await nextTurn();
    sums.fill(half);
    for (let index = 0; index < (count[row] as number); index += 1) {
      const weight = values[row * most + index] as number;
      const start = ((first[row] as number) + index) * rowBytes;
      for (let at = 0; at < rowBytes; at += 1) (sums[at] as number) += (from[start + at] as number) * weight;
    }
    for (let at = 0; at < rowBytes; at += 1) pixels[row * rowBytes + at] = (sums[at] as number) >> precisionBits;
  }
  return { width, height, channels, pixels: new Uint8Array(pixels.buffer) };
}

function weightsFor(before: number, after: number, filter: keyof typeof resizeFilters): Weights {
  const { reach, weigh } = resizeFilters[filter];
  const scale = before / after;
  const stretch = Math.max(1, scale);
  const support = reach * stretch;
  const most = Math.ceil(support) * 2 + 1;
  const weights = { first: new Int32Array(after), count: new Int32Array(after), values: new Int32Array(after * most) };
  for (let index = 0; index < after; index += 1) {
    const center = (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(before, Math.trunc(center + support + 0.5));
    const parts = Array.from({ length: end - start }, (_, at) => weigh((at + start - center + 0.5) / stretch));
    const total = parts.reduce((sum, part) => sum + part, 0);
    const fixed = parts.map((part) => rounded((part / total) * 2 ** precisionBits));
    weights.first[index] = start;
    weights.count[index] = fixed.length;
    weights.values.set(fixed, index * most);
  }
  return { ...weights, most };
}

/** Halves away from zero, as C's cast of a value with half of one added has it. */
function rounded(value: number): number {
  return Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
}

async function nearest(source: Picture, width: number, height: number): Promise<Picture> {
  const { channels, pixels: from } = source;
  const columns = nearestOf(source.width, width);
  const lines = nearestOf(source.height, height);
  const pixels = new Uint8Array(width * height * channels);
  const pace = new Pace();
  let to = 0;
  for (const line of lines) {
    if (pace.isDue) await pace.giveWay();
    for (const column of columns) {
      const at = (line * source.width + column) * channels;
      for (let channel = 0; channel < channels; channel += 1, to += 1) pixels[to] = from[at + channel] as number;
    }
  }
  return { width, height, channels, pixels };
}

/**
 * Which pixel of a line each of another length takes. Each place is the one before it and a step, as in Pillow: a
 * product is another pixel where the sum comes to lie just below an edge.
 */
function nearestOf(before: number, after: number): Int32Array {
  const step = before / after;
  const taken = new Int32Array(after);
  let place = step / 2;
  for (let index = 0; index < after; index += 1, place += step) taken[index] = Math.floor(place);
  return taken;
}
