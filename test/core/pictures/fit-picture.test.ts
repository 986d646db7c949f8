import { describe, expect, test } from '@jest/globals';
import { fitPicture } from '../../../src/core/pictures/fit-picture.ts';
import type { PictureSettings } from '../../../src/ports/picture-settings.ts';

/** One channel, each pixel its number. */
function picture(width: number, height: number) {
  return { width, height, channels: 1, pixels: Uint8Array.from({ length: width * height }, (_, at) => at) };
}

async function rows(
  width: number,
  height: number,
  size: { width?: number; height?: number },
  settings: PictureSettings,
) {
  const { picture: fitted, placement } = await fitPicture(picture(width, height), size, settings);
  const lines = Array.from({ length: fitted.height }, (_, row) => [
    ...fitted.pixels.subarray(row * fitted.width, (row + 1) * fitted.width),
  ]);
  return { lines, placement };
}

describe('a picture', () => {
  test('is stretched to the size, or keeps its own where there is none', async () => {
    const stretched = await rows(4, 2, { width: 2, height: 2 }, { filter: 'nearest' });
    expect(stretched.lines).toEqual([
      [1, 3],
      [5, 7],
    ]);
    expect(stretched.placement).toEqual({
      picture: { width: 4, height: 2 },
      tensor: { width: 2, height: 2 },
      across: 0.5,
      down: 1,
      left: 0,
      top: 0,
    });
    expect((await rows(2, 1, {}, {})).lines).toEqual([[0, 1]]);
  });

  // As numpy.pad has it, `symmetric`, by the sizes of Swin2SRImageProcessor.
  test('goes on as in a mirror, where the size is open', async () => {
    const { lines, placement } = await rows(3, 2, {}, { mirrorTo: 4 });
    expect(lines).toEqual([
      [0, 1, 2, 2],
      [3, 4, 5, 5],
      [3, 4, 5, 5],
      [0, 1, 2, 2],
    ]);
    expect(placement).toEqual({
      picture: { width: 3, height: 2 },
      tensor: { width: 4, height: 4 },
      across: 1,
      down: 1,
      left: 0,
      top: 0,
    });
    expect((await rows(2, 1, {}, { mirrorTo: 2 })).lines).toEqual([
      [0, 1, 1, 0],
      [0, 1, 1, 0],
    ]);
    expect((await rows(2, 1, { width: 2, height: 1 }, { mirrorTo: 2 })).lines).toEqual([[0, 1]]);
    await expect(rows(2, 1, {}, { mirrorTo: 16384 })).rejects.toMatchObject({ status: 413 });
  });

  test('covers the size, and its middle is kept', async () => {
    const { lines, placement } = await rows(8, 4, { width: 2, height: 2 }, { fit: 'crop', filter: 'nearest' });
    expect(lines).toEqual([
      [11, 13],
      [27, 29],
    ]);
    expect(placement).toMatchObject({ across: 0.5, down: 0.5, left: -1, top: 0 });
  });

  test.each([
    [{ fit: 'crop' }, '224 x 1120000'],
    [{ fit: 'crop', resize: { shortestSide: 256 } }, '256 x 1280000'],
  ] as const)('of one pixel by many, by %j, is made no larger than one may be', async (settings, becomes) => {
    const refused = rows(1, 5000, { width: 224, height: 224 }, settings);
    await expect(refused).rejects.toMatchObject({
      status: 413,
      message: expect.stringContaining(
        `the picture of 1 x 5000 pixels would become one of ${becomes} pixels, more than`,
      ),
    });
  });

  test('is cut as it was resized, and padded where that is too small', async () => {
    const cut: PictureSettings = { resize: { shortestSide: 3 }, fit: 'crop', padding: 99 };
    const { lines, placement } = await rows(5, 3, { width: 2, height: 2 }, cut);
    expect(lines).toEqual([
      [1, 2],
      [6, 7],
    ]);
    expect(placement).toMatchObject({ across: 1, down: 1, left: -1, top: 0 });
    expect((await rows(2, 1, { width: 2, height: 3 }, { ...cut, resize: { width: 2, height: 1 } })).lines).toEqual([
      [99, 99],
      [0, 1],
      [99, 99],
    ]);
  });

  test('lies within the size, in the middle or at its start', async () => {
    const fit = { fit: 'letterbox', padding: 9, filter: 'nearest' } as const;
    const middle = await rows(4, 2, { width: 2, height: 4 }, fit);
    expect(middle.lines).toEqual([
      [9, 9],
      [5, 7],
      [9, 9],
      [9, 9],
    ]);
    expect(middle.placement).toMatchObject({ across: 0.5, down: 0.5, left: 0, top: 1 });
    const start = await rows(4, 2, { width: 2, height: 2 }, { ...fit, place: 'start' });
    expect(start.lines).toEqual([
      [5, 7],
      [9, 9],
    ]);
  });

  test.each([
    [6, 4, { shortestSide: 2 }, 3, 2],
    [4, 7, { shortestSide: 2 }, 2, 3],
    [6, 4, { shortestSide: 4, longestSide: 4 }, 4, 3],
    [6, 4, { shortestSide: 2, longestSide: 9 }, 3, 2],
    // As YolosImageProcessor of transformers 4.57 makes them.
    [403, 300, { shortestSide: 512, longestSide: 1333, multipleOf: 16 }, 672, 512],
    [251, 377, { shortestSide: 300, longestSide: 350, multipleOf: 16 }, 224, 336],
    [300, 1, { shortestSide: 16, longestSide: 32, multipleOf: 16 }, 32, 16],
  ])('of %d x %d resized to %j is %d x %d', async (width, height, resize, newWidth, newHeight) => {
    const { placement } = await rows(width, height, {}, { resize });
    expect(placement.tensor).toEqual({ width: newWidth, height: newHeight });
  });
});
