import type { Picture } from '../../ports/picture.ts';

/** Luma of an RGB picture as Pillow's `convert('L')` has it. Source: ITU-R BT.601, in steps of 2^-16. */
export function greyPicture({ width, height, pixels }: Picture): Picture {
  const values = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < values.length; at += 1, from += 3) {
    const [red, green, blue] = [pixels[from] as number, pixels[from + 1] as number, pixels[from + 2] as number];
    values[at] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
  return { width, height, channels: 1, pixels: values };
}
