import type { Picture } from '../../ports/picture.ts';
import { ServiceError } from '../../protocol/service-error.ts';

// Decoding a JPEG of so many takes some 500 MB for a moment.
const maxPixels = 25_000_000;
const maxMegabytes = 512;

const signatures: Readonly<Record<string, readonly number[]>> = {
  JPEG: [0xff, 0xd8, 0xff],
  PNG: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  GIF: [0x47, 0x49, 0x46, 0x38],
  WebP: [0x52, 0x49, 0x46, 0x46],
  BMP: [0x42, 0x4d],
  TIFF: [0x49, 0x49, 0x2a, 0x00],
};

/** What decodes a JPEG or PNG picture to RGB; transparency is left out. It throws ServiceError 400 for another or a broken one, 413 for one of too many pixels. */
export async function openPictureDecoder(): Promise<(bytes: Uint8Array) => Picture> {
  const [{ default: jpeg }, { PNG }] = await Promise.all([import('jpeg-js'), import('pngjs')]);
  return (bytes) => {
    const kind = Object.keys(signatures).find((name) => signatures[name]?.every((byte, at) => bytes[at] === byte));
    try {
      if (kind === 'JPEG') {
        const { width, height, data } = jpeg.decode(bytes, {
          useTArray: true,
          formatAsRGBA: false,
          tolerantDecoding: false,
          maxResolutionInMP: maxPixels / 1e6,
          maxMemoryUsageInMB: maxMegabytes,
        });
        return { width, height, channels: 3, pixels: data };
      }
      if (kind === 'PNG') {
        checkPixels(bytes);
        const { width, height, data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
        return { width, height, channels: 3, pixels: withoutAlpha(data) };
      }
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      if (/limit exceeded/.test(message)) throw tooLarge();
      throw new ServiceError(400, `the ${kind} picture does not decode: ${message}`, { cause: error });
    }
    throw new ServiceError(400, `expected a JPEG or PNG picture, got ${kind ?? 'something else'}`);
  };
}

/** PNG says its size in its first chunk. Source: w3.org/TR/png, IHDR. */
function checkPixels(bytes: Uint8Array): void {
  if (bytes.length < 24) throw new ServiceError(400, 'the PNG picture ends within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(16) * view.getUint32(20) > maxPixels) throw tooLarge();
}

function tooLarge(): ServiceError {
  return new ServiceError(413, `the picture has more than ${maxPixels} pixels; make it smaller first`);
}

function withoutAlpha(data: Uint8Array): Uint8Array {
  const pixels = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    pixels[to] = data[from] as number;
    pixels[to + 1] = data[from + 1] as number;
    pixels[to + 2] = data[from + 2] as number;
  }
  return pixels;
}
