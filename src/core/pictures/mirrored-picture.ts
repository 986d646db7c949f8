import type { Picture } from '../../ports/picture.ts';
import type { PictureSize } from '../../ports/picture-settings.ts';

/**
 * A picture that goes on behind its right and lower sides as in a mirror, up to that size. Source: numpy.pad,
 * `symmetric`.
 */
export function mirroredPicture({ width, height, channels, pixels: from }: Picture, size: PictureSize): Picture {
  const pixels = new Uint8Array(size.width * size.height * channels);
  let to = 0;
  for (let row = 0; row < size.height; row += 1) {
    const line = mirrored(row, height) * width;
    for (let column = 0; column < size.width; column += 1) {
      const at = (line + mirrored(column, width)) * channels;
      for (let channel = 0; channel < channels; channel += 1) pixels[to++] = from[at + channel] as number;
    }
  }
  return { ...size, channels, pixels };
}

function mirrored(at: number, size: number): number {
  const place = at % (2 * size);
  return place < size ? place : 2 * size - 1 - place;
}
