import { expect, test } from '@jest/globals';
import { colorsOfInks } from '../../../src/adapters/file-decoding/colors-of-inks.ts';

test('inks are the colours that Pillow makes of them', async () => {
  const inks = [128, 0, 0, 0, 0, 0, 0, 128, 255, 255, 255, 255, 10, 20, 30, 40, 0, 0, 0, 0, 255, 0, 128, 7];
  const colors = [127, 255, 255, 127, 127, 127, 0, 0, 0, 207, 198, 190, 255, 255, 255, 0, 248, 124];
  expect([...(await colorsOfInks(Uint8Array.from(inks)))]).toEqual(colors);
});
