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
