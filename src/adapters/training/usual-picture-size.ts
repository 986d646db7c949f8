import { spread } from '../../core/factory/spread.ts';
import type { PictureSize } from '../../ports/picture-settings.ts';
import { openPictureHeader } from '../file-decoding/open-picture-header.ts';
import type { PictureRows } from './read-pictures.ts';

/** Of more pictures, some tell. */
const mostAsked = 1000;
const mostPixels = 32;

/**
 * The size in which a new network takes pictures, where nobody says: as wide, and as high, as they mostly are, up to 32
 * pixels. What is made larger has no more to see, and a network has to look further for it.
 */
export async function usualPictureSize({ keys, bytesOf }: Pick<PictureRows, 'keys' | 'bytesOf'>): Promise<PictureSize> {
  const sizeOf = await openPictureHeader();
  const sizes: PictureSize[] = [];
  for (const row of spread([...keys.keys()], mostAsked)) {
    const size = await sizeOf(await bytesOf(row));
    if (size) sizes.push(size);
  }
  const usual = (side: keyof PictureSize) => {
    const sides = sizes.map((size) => size[side]).sort((a, b) => a - b);
    return Math.min(sides[Math.floor(sides.length / 2)] ?? mostPixels, mostPixels);
  };
  return { width: usual('width'), height: usual('height') };
}
