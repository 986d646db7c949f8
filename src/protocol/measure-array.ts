import type { JsonScanner } from './json-scanner.ts';
import { skipValue } from './skip-value.ts';

/**
 * The sizes that the nested array at the scanner gives the free dimensions (-1) of `shape`; nothing is taken.
 *
 * Looks at first elements alone: whether all others are alike is for whoever reads it.
 */
export function measureArray(scanner: JsonScanner, shape: readonly number[]): readonly number[] {
  const start = scanner.at;
  const sizes: number[] = [];
  measure(scanner, shape.length, sizes);
  scanner.at = start;
  return shape.map((size, index) => (size === -1 ? (sizes[index] ?? 0) : size));
}

/** Passes over the array at the scanner, and notes how many elements it and the first ones in it have. */
function measure(scanner: JsonScanner, rank: number, sizes: number[], depth = 0): void {
  scanner.checkNesting(depth + 1);
  let count = 0;
  for (let more = scanner.enter(0x5d); more; more = scanner.more(0x5d)) {
    if (count === 0 && depth + 1 < rank && scanner.next() === 0x5b) measure(scanner, rank, sizes, depth + 1);
    else skipValue(scanner, depth + 2);
    count += 1;
  }
  sizes[depth] = count;
}
