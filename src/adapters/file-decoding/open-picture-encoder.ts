import type { Picture } from '../../ports/picture.ts';
import { openSharp } from './open-sharp.ts';

/** What encodes a grey or RGB picture as a PNG file, in base64. It works beside the event loop. */
export async function openPictureEncoder(): Promise<(picture: Picture) => Promise<string>> {
  const sharp = await openSharp();
  return async ({ width, height, channels, pixels }) => {
    const raw = { width, height, channels: channels as 1 | 3 };
    const png = await sharp(pixels, { raw, limitInputPixels: false })
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .png()
      .toBuffer();
    return png.toString('base64');
  };
}
