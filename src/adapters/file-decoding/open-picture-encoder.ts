import type { Picture } from '../../ports/picture.ts';

const grey = 0;
const rgb = 2;

/** What encodes a grey or RGB picture as a PNG file, in base64. */
export async function openPictureEncoder(): Promise<(picture: Picture) => string> {
  const { PNG } = await import('pngjs');
  return ({ width, height, channels, pixels }) => {
    const colorType = channels === 1 ? grey : rgb;
    const png = new PNG({ width, height, colorType, inputColorType: colorType, inputHasAlpha: false });
    png.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    return PNG.sync.write(png, { colorType, inputColorType: colorType, inputHasAlpha: false }).toString('base64');
  };
}
