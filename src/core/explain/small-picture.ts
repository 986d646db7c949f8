import type { Picture } from '../../ports/picture.ts';

const mostPixels = 1024;
/** Fewer are hard to look at. */
const leastPixels = 256;

/**
 * A picture in grey, of 256 to 1,024 pixels along its longer side: a large one need not be kept while its answer is
 * explained.
 */
export function smallPicture(picture: Picture): Picture {
  const longest = Math.max(picture.width, picture.height);
  const scale = Math.min(Math.ceil(Math.max(1, leastPixels / longest)), mostPixels / longest);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      pixels[y * width + x] = greyOf(picture, Math.floor((x + 0.5) / scale), Math.floor((y + 0.5) / scale));
  return { width, height, channels: 1, pixels };
}

/** Source: ITU-R BT.601. */
function greyOf({ width, height, channels, pixels }: Picture, x: number, y: number): number {
  const at = (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * channels;
  const [red = 0, green = red, blue = red] = pixels.subarray(at, at + channels);
  return channels < 3 ? red : Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
}
