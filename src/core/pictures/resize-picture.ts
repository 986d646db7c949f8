import type { Picture } from '../../ports/picture.ts';

const precision = 2 ** 22;

interface Weights {
  /** The first pixel that counts, for each new one. */
  readonly first: readonly number[];
  readonly values: readonly (readonly number[])[];
}

/**
 * A picture in another size: bilinear, with all pixels that a new one covers counting, each by how near it is.
 *
 * As Pillow's `Image.resize(size, BILINEAR)` does it, to the bit: across, rounded to 8 bits, then down, in steps of 2^-22.
 * Source: Pillow, src/libImaging/Resample.c.
 */
export function resizePicture(picture: Picture, width: number, height: number): Picture {
  const { channels } = picture;
  const across = picture.width === width ? picture : resizedAcross(picture, width);
  if (across.height === height) return across;
  const { first, values } = weightsFor(across.height, height);
  const rowBytes = width * channels;
  const pixels = new Uint8ClampedArray(height * rowBytes);
  const sums = new Float64Array(rowBytes);
  for (let row = 0; row < height; row += 1) {
    sums.fill(precision / 2);
    for (const [index, weight] of (values[row] as readonly number[]).entries()) {
      const from = ((first[row] as number) + index) * rowBytes;
      for (let at = 0; at < rowBytes; at += 1) (sums[at] as number) += (across.pixels[from + at] as number) * weight;
    }
    for (let at = 0; at < rowBytes; at += 1) pixels[row * rowBytes + at] = Math.floor((sums[at] as number) / precision);
  }
  return { width, height, channels, pixels: new Uint8Array(pixels.buffer) };
}

function resizedAcross({ width: before, height, channels, pixels: source }: Picture, width: number): Picture {
  const { first, values } = weightsFor(before, width);
  const pixels = new Uint8ClampedArray(width * height * channels);
  for (let column = 0; column < width; column += 1) {
    const weights = values[column] as readonly number[];
    const start = (first[column] as number) * channels;
    for (let row = 0; row < height; row += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = precision / 2;
        let from = row * before * channels + start + channel;
        for (const weight of weights) {
          sum += (source[from] as number) * weight;
          from += channels;
        }
        pixels[(row * width + column) * channels + channel] = Math.floor(sum / precision);
      }
    }
  }
  return { width, height, channels, pixels: new Uint8Array(pixels.buffer) };
}

/** How much each pixel of a line counts for those of a line of another length. */
function weightsFor(before: number, after: number): Weights {
  const scale = before / after;
  const support = Math.max(1, scale);
  const first: number[] = [];
  const values = Array.from({ length: after }, (_, index) => {
    const center = (index + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(before, Math.trunc(center + support + 0.5));
    first.push(start);
    const triangle = Array.from({ length: end - start }, (_weight, at) =>
      Math.max(0, 1 - Math.abs((at + start - center + 0.5) / support)),
    );
    const total = triangle.reduce((sum, weight) => sum + weight, 0);
    return triangle.map((weight) => Math.floor((weight / total) * precision + 0.5));
  });
  return { first, values };
}
