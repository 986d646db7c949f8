import { expect, test } from '@jest/globals';
import { resizePicture } from '../../../src/core/pictures/resize-picture.ts';

// What Pillow 12 makes of ((numpy.arange(width * height * 3) * 37) % 256) with Image.BILINEAR.
test.each([
  [5, 4, 3, 2, [79, 116, 137, 115, 91, 120, 150, 124, 99, 146, 136, 126, 121, 134, 122, 113, 129, 119]],
  [
    3,
    2,
    5,
    4,
    [
      0, 37, 74, 44, 81, 118, 111, 148, 185, 178, 61, 98, 222, 3, 40, 19, 56, 93, 63, 100, 112, 130, 167, 140, 159, 80,
      92, 177, 22, 59, 58, 95, 132, 102, 139, 99, 169, 206, 51, 120, 119, 79, 88, 61, 98, 77, 114, 151, 121, 158, 93,
      188, 225, 6, 101, 138, 73, 43, 80, 117,
    ],
  ],
  [
    4,
    4,
    4,
    2,
    [98, 135, 62, 99, 99, 136, 173, 101, 138, 65, 102, 102, 101, 138, 138, 175, 102, 139, 67, 104, 141, 141, 178, 105],
  ],
])('resizes %d × %d to %d × %d as Pillow does', async (width, height, newWidth, newHeight, expected) => {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 37) % 256);
  const resized = await resizePicture({ width, height, channels: 3, pixels }, newWidth, newHeight);
  expect(resized).toMatchObject({ width: newWidth, height: newHeight });
  expect([...resized.pixels]).toEqual(expected);
});

// The same by Pillow 13, of 7 x 5 to 3 x 2 and of 3 x 2 to 4 x 3.
test.each([
  [
    'nearest',
    [120, 157, 194, 86, 123, 160, 52, 89, 126, 138, 175, 212, 104, 141, 178, 70, 107, 144],
    [
      0, 37, 74, 111, 148, 185, 111, 148, 185, 222, 3, 40, 77, 114, 151, 188, 225, 6, 188, 225, 6, 43, 80, 117, 77, 114,
      151, 188, 225, 6, 188, 225, 6, 43, 80, 117,
    ],
  ],
  [
    'box',
    [65, 102, 139, 171, 123, 75, 108, 145, 182, 88, 125, 162, 151, 103, 98, 131, 168, 141],
    [
      0, 37, 74, 111, 148, 185, 111, 148, 185, 222, 3, 40, 77, 114, 151, 188, 225, 6, 188, 225, 6, 43, 80, 117, 77, 114,
      151, 188, 225, 6, 188, 225, 6, 43, 80, 117,
    ],
  ],
  [
    'bilinear',
    [104, 86, 123, 146, 123, 100, 123, 160, 142, 105, 104, 141, 145, 122, 118, 141, 161, 131],
    [
      0, 37, 74, 69, 106, 143, 153, 94, 131, 222, 3, 40, 39, 76, 113, 108, 145, 102, 144, 133, 90, 133, 42, 79, 77, 114,
      151, 146, 183, 60, 134, 171, 48, 43, 80, 117,
    ],
  ],
  [
    'hamming',
    [91, 95, 132, 145, 122, 99, 112, 149, 153, 100, 115, 152, 145, 122, 119, 132, 158, 140],
    [
      0, 37, 74, 85, 122, 159, 137, 114, 151, 222, 3, 40, 39, 76, 113, 124, 161, 100, 146, 153, 92, 133, 42, 79, 77,
      114, 151, 162, 199, 40, 154, 191, 32, 43, 80, 117,
    ],
  ],
  [
    'bicubic',
    [99, 79, 126, 158, 124, 87, 117, 165, 149, 99, 103, 146, 152, 118, 111, 141, 165, 132],
    [
      0, 26, 62, 56, 112, 161, 161, 97, 146, 241, 0, 26, 36, 70, 114, 110, 156, 103, 151, 141, 88, 132, 36, 78, 76, 113,
      165, 163, 199, 45, 141, 184, 30, 22, 77, 129,
    ],
  ],
  [
    'lanczos',
    [101, 73, 128, 164, 126, 82, 113, 172, 151, 98, 102, 148, 154, 116, 110, 142, 169, 131],
    [
      0, 16, 50, 35, 112, 172, 177, 93, 153, 251, 0, 14, 33, 65, 114, 106, 161, 105, 158, 142, 86, 129, 34, 78, 74, 113,
      177, 176, 209, 38, 139, 190, 19, 6, 75, 141,
    ],
  ],
] as const)('resizes by %s as Pillow does', async (filter, smaller, larger) => {
  const picture = (width: number, height: number) => {
    const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 37) % 256);
    return { width, height, channels: 3, pixels };
  };
  expect([...(await resizePicture(picture(7, 5), 3, 2, filter)).pixels]).toEqual(smaller);
  expect([...(await resizePicture(picture(3, 2), 4, 3, filter)).pixels]).toEqual(larger);
});

// Of a line of pixels that count up, Image.NEAREST of Pillow 13 takes those whose sum, each by its place from 1, is this.
test.each([
  [4, 6, 7, 9, 56, 154],
  [16, 14, 12, 5, 785, 123],
  [640, 480, 380, 380, 30829094, 23112592],
  [500, 375, 260, 224, 11282440, 6280558],
  [1280, 720, 300, 256, 38472002, 15758096],
  [1920, 1080, 260, 300, 43371915, 32462304],
])('takes the nearest of %d × %d for %d × %d as Pillow does', async (width, height, newWidth, newHeight, ...sums) => {
  const taken = async (from: readonly [number, number], to: readonly [number, number]) => {
    const pixels = Uint8Array.from({ length: from[0] * from[1] * 2 }, (_, at) => (at % 2 ? at >> 1 : at >> 9));
    const picture = { width: from[0], height: from[1], channels: 2, pixels };
    const resized = await resizePicture(picture, to[0], to[1], 'nearest');
    const [high, low] = [0, 1].map((channel) => resized.pixels.filter((_, at) => at % 2 === channel));
    return high?.reduce((sum, byte, at) => sum + (byte * 256 + (low?.[at] ?? 0)) * (at + 1), 0);
  };
  expect(await taken([width, 1], [newWidth, 1])).toBe(sums[0]);
  expect(await taken([1, height], [1, newHeight])).toBe(sums[1]);
});

test('goes down first where that leaves out much more, as Pillow 13 does', async () => {
  const pixels = Uint8Array.from({ length: 81 }, (_, index) => (index * 37) % 256);
  const resized = await resizePicture({ width: 3, height: 9, channels: 3, pixels }, 2, 3);
  const expected = [102, 119, 120, 120, 117, 98, 136, 116, 136, 115, 131, 132, 122, 147, 120, 160, 125, 138];
  expect([...resized.pixels]).toEqual(expected);
});

test.each([
  ['bilinear', 4000, 1000, 8],
  ['nearest', 4, 4, 3000],
] as const)('others have their turn while a large picture is resized by %s', async (filter, width, height, size) => {
  const picture = { width, height, channels: 3, pixels: new Uint8Array(width * height * 3).fill(7) };
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  const resized = await resizePicture(picture, size, size, filter);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  expect(resized.pixels).toHaveLength(size * size * 3);
  expect(resized.pixels.every((pixel) => pixel === 7)).toBe(true);
});
