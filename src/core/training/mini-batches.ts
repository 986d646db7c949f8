import { shuffle } from '../shuffle.ts';

/**
 * The batches of one pass over rows, by their numbers, in a random order. Rows of one group alone share a batch: those
 * of the same shapes. The last batch of a group may have fewer.
 */
export function miniBatches(
  groups: readonly (readonly number[])[],
  size: number,
  random: () => number,
): readonly (readonly number[])[] {
  const batches: (readonly number[])[] = [];
  for (const group of groups) {
    const order = [...group];
    shuffle(order, random);
    for (let from = 0; from < order.length; from += size) batches.push(order.slice(from, from + size));
  }
  shuffle(batches, random);
  return batches;
}
