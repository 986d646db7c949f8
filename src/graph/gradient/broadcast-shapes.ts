import type { Dimension } from './value-type.ts';

type Shape = readonly Dimension[];

/**
 * The shape of what is worked out element by element of values of these shapes; undefined where one of them is not
 * known.
 */
export function broadcastShapes(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  if (shapes.some((shape) => !shape)) return undefined;
  const known = shapes as readonly Shape[];
  const rank = Math.max(0, ...known.map(({ length }) => length));
  return Array.from({ length: rank }, (_item, axis) =>
    known.map((shape) => (axis + shape.length < rank ? 1 : shape[axis + shape.length - rank])).reduce(common),
  );
}

function common(a: Dimension, b: Dimension): Dimension {
  if (a === b || b === 1) return a;
  if (a === 1) return b;
  // What is not known is 1 or the same.
  if (typeof a === 'number') return a;
  return typeof b === 'number' ? b : undefined;
}
