import { checkPictureSize } from '../../core/pictures/check-picture-size.ts';
import type { Picture } from '../../ports/picture.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { colorsOfInks } from './colors-of-inks.ts';
import { kindOfFile } from './kind-of-file.ts';
import { openSharp } from './open-sharp.ts';

const kinds: Readonly<Record<string, RegExp>> = {
  JPEG: /^\xff\xd8\xff/,
  PNG: /^\x89PNG\r\n/,
  WebP: /^RIFF.{4}WEBP/s,
  GIF: /^GIF8/,
  BMP: /^BM/,
  TIFF: /^(II\*\0|MM\0\*)/,
  AVIF: /^.{4}ftypavi[fs]/s,
  HEIC: /^.{4}ftyp(hei[cfsx]|mif1)/s,
};
const readable = ['JPEG', 'PNG', 'WebP'];

/**
 * What decodes a JPEG, PNG or WebP picture to RGB of 8 bits a channel, upright by what its EXIF says, as Pillow has it:
 * transparency is left out, colour profiles too, and of several frames the first counts. It works beside the event
 * loop.
 *
 * It rejects with ServiceError 400 for another or a broken file, with 413 for one of too many pixels by what its header
 * says, before it decodes it.
 */
export async function openPictureDecoder(): Promise<(bytes: Uint8Array) => Promise<Picture>> {
  const sharp = await openSharp();
  const decode = async (bytes: Uint8Array, kind: string): Promise<Picture> => {
    try {
      const header = await sharp(bytes, { limitInputPixels: false }).metadata();
      checkPictureSize(header, 'the picture is');
      const isOfInks = header.space === 'cmyk';
      const space = isOfInks ? 'cmyk' : 'srgb';
      const upright = sharp(bytes, { failOn: 'error', autoOrient: true, ignoreIcc: true }).removeAlpha();
      // The library would make colours of inks by a profile of its own.
      const pixels = (isOfInks ? upright.pipelineColourspace(space) : upright).toColourspace(space);
      const { data, info } = await pixels.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
      const { width, height, channels } = info;
      return isOfInks
        ? { width, height, channels: 3, pixels: await colorsOfInks(data) }
        : { width, height, channels, pixels: data };
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      // A line for each thing that is wrong, and there may be thousands.
      const [first] = (cause as Error).message.split('\n');
      throw new ServiceError(400, `the ${kind} picture does not decode: ${first}`, { cause });
    }
  };
  return (bytes) => {
    const kind = kindOfFile(bytes, kinds);
    if (readable.includes(kind)) return decode(bytes, kind);
    throw new ServiceError(400, `expected a JPEG, PNG or WebP picture, got ${kind}`);
  };
}
