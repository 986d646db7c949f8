import type { Spread } from './baseline.ts';

const places = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The bin that a value is in. */
export function binOf(spread: Spread, value: number | string): number {
  if ('values' in spread) return placesOf(spread.values).get(String(value)) ?? spread.values.length;
  const { edges } = spread;
  const number = Number(value);
  if (Number.isNaN(number)) return edges.length + 1;
  // The first edge that is not less.
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placesOf(values: readonly string[]): ReadonlyMap<string, number> {
  const known = places.get(values);
  if (known) return known;
  const made = new Map(values.map((value, index) => [value, index]));
  places.set(values, made);
  return made;
}
