import type { PictureSize } from '../../ports/picture-settings.ts';

/**
 * The weights of a picture's pixels, by what those of places are: of their middles, in parts of its width and height.
 */
export function pixelWeights({ width, height }: PictureSize, weightAt: (x: number, y: number) => number): Float64Array {
  const weights = new Float64Array(width * height);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1)
      weights[row * width + column] = weightAt((column + 0.5) / width, (row + 0.5) / height);
  return weights;
}
