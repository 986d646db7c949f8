import type { Picture } from '../../ports/picture.ts';
import type { PictureSize } from '../../ports/picture-settings.ts';

/**
 * What of a picture lies in a window of that size, in which its first pixel is at `left` and `top`; where none of it
 * lies is `padding`.
 */
export function windowOf(
  { width, height, channels, pixels: from }: Picture,
  size: PictureSize,
  { left, top }: { readonly left: number; readonly top: number },
  padding: number,
): Picture {
  const pixels = new Uint8Array(size.width * size.height * channels).fill(padding);
  const start = Math.max(0, -left);
  const end = Math.min(width, size.width - left);
  for (let row = Math.max(0, -top); row < Math.min(height, size.height - top); row += 1) {
    const line = from.subarray((row * width + start) * channels, (row * width + end) * channels);
    pixels.set(line, ((row + top) * size.width + start + left) * channels);
  }
  return { ...size, channels, pixels };
}
