import type { PictureSize } from '../../ports/picture-settings.ts';
import type { boxOf } from './box-of.ts';

type Box = ReturnType<typeof boxOf>;

/**
 * The weights of the pixels of `map`, a picture in another size, by boxes in its own that do not overlap: that of the
 * box in which their middle lies, else 0.
 */
export function boxWeights(
  map: PictureSize,
  picture: PictureSize,
  boxes: readonly Box[],
  weights: readonly number[],
): Float64Array {
  const found = new Float64Array(map.width * map.height);
  const columns = middles(map.width, picture.width);
  const rows = middles(map.height, picture.height);
  for (const [at, { xmin, ymin, xmax, ymax }] of boxes.entries()) {
    const [left, right] = [firstFrom(columns, xmin), firstFrom(columns, xmax)];
    const bottom = firstFrom(rows, ymax);
    for (let row = firstFrom(rows, ymin); row < bottom; row += 1)
      found.fill(weights[at] as number, row * map.width + left, row * map.width + right);
  }
  return found;
}

/** Where the middles of `count` pixels lie in a picture of `size`. */
function middles(count: number, size: number): Float64Array {
  return Float64Array.from({ length: count }, (_item, at) => ((at + 0.5) / count) * size);
}

/** The place of the first that is no less. */
function firstFrom(ascending: Float64Array, least: number): number {
  const at = ascending.findIndex((each) => each >= least);
  return at === -1 ? ascending.length : at;
}
