import type { PictureSize } from '../../ports/picture-settings.ts';
import { openSharp } from './open-sharp.ts';

/** What tells how large a picture is, upright, by its header; undefined for what is none. */
export async function openPictureHeader(): Promise<(bytes: Uint8Array) => Promise<PictureSize | undefined>> {
  const sharp = await openSharp();
  return async (bytes) => {
    const header = await sharp(bytes, { limitInputPixels: false })
      .metadata()
      .catch(() => undefined);
    return header?.autoOrient;
  };
}
