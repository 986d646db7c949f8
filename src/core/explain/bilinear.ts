import type { ClassMap } from './grad-cam.ts';

/** The value of a map at a place in parts of its width and height, between the middles of its cells. */
export function bilinear({ width, height, values }: ClassMap, x: number, y: number): number {
  const [left, right, across] = between(x * width - 0.5, width);
  const [top, bottom, down] = between(y * height - 0.5, height);
  const at = (column: number, row: number) => values[row * width + column] as number;
  const above = at(left, top) * (1 - across) + at(right, top) * across;
  const below = at(left, bottom) * (1 - across) + at(right, bottom) * across;
  return above * (1 - down) + below * down;
}

function between(place: number, size: number): readonly [number, number, number] {
  const held = Math.min(Math.max(place, 0), size - 1);
  const low = Math.floor(held);
  return [low, Math.min(low + 1, size - 1), held - low];
}
