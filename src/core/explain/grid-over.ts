import { ServiceError } from '../../protocol/service-error.ts';
import type { PicturePlanes } from './picture-planes.ts';

/** A rectangle of a picture's tensor, the last row and column not included. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const usualSide = 7;
const mostSide = 16;

/** What a picture fills of its tensor in regions, as many along each side, row by row. Throws 400 for too many. */
export function gridOver({ inner }: PicturePlanes, side = usualSide): readonly Region[] {
  if (side > mostSide)
    throw new ServiceError(
      400,
      `parameter 'parts': expected 1 to ${mostSide} along each side of a picture, got ${side}`,
      { field: 'parts' },
    );
  const cut = (from: number, to: number) => {
    const count = Math.max(1, Math.min(side, to - from));
    return Array.from({ length: count }, (_item, at) => [
      from + Math.floor((at * (to - from)) / count),
      from + Math.floor(((at + 1) * (to - from)) / count),
    ]) as [number, number][];
  };
  return cut(inner.top, inner.bottom).flatMap(([top, bottom]) =>
    cut(inner.left, inner.right).map(([left, right]) => ({ left, top, right, bottom })),
  );
}
