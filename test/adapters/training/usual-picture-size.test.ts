import { expect, test } from '@jest/globals';
import { openPictureEncoder } from '../../../src/adapters/file-decoding/open-picture-encoder.ts';
import { usualPictureSize } from '../../../src/adapters/training/usual-picture-size.ts';

type Sides = readonly [width: number, height: number];

async function sizeOf(...sizes: readonly Sides[]) {
  const encode = await openPictureEncoder();
  const files = sizes.map(async ([width, height]) => {
    if (width === 0) return new TextEncoder().encode('no picture');
    const pixels = new Uint8Array(width * height * 3);
    return Buffer.from(await encode({ width, height, channels: 3, pixels }), 'base64');
  });
  const bytes = await Promise.all(files);
  return usualPictureSize({ keys: bytes.map(String), bytesOf: async (row) => bytes[row] as Uint8Array });
}

test('pictures are taken as wide and as high as they mostly are, and no larger than 32', async () => {
  expect(await sizeOf([8, 8], [8, 8], [200, 100], [8, 8])).toEqual({ width: 8, height: 8 });
  expect(await sizeOf([20, 28], [20, 28], [21, 29])).toEqual({ width: 20, height: 28 });
  expect(await sizeOf([640, 20], [640, 20])).toEqual({ width: 32, height: 20 });
});

test('what is no picture does not count, and where none is, nothing is told', async () => {
  expect(await sizeOf([0, 0], [12, 12], [0, 0])).toEqual({ width: 12, height: 12 });
  expect(await sizeOf([0, 0])).toEqual({ width: 32, height: 32 });
});
