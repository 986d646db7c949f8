import { shuffle } from '../shuffle.ts';
import type { Split } from './split.ts';

/** What rows are, so that they can be parted. */
export interface RowsToSplit {
  /** The rows of each stratum, such as a class, which is to have its share in each part. */
  readonly strata: readonly (readonly number[])[];
  /** Rows with the same key are the same, and stay together. By row. */
  readonly keys: readonly string[];
}

/** Parts of all rows, from 0 to 1; what is left is trained with. */
export interface SplitShares {
  readonly validation: number;
  readonly test: number;
}

/**
 * Parts rows so that each part has as much of each stratum, to a row, and none has a row of another. What is alone in
 * its stratum is trained with.
 */
export function splitRows({ strata, keys }: RowsToSplit, shares: SplitShares, random: () => number): Split {
  const split = { train: [] as number[], validation: [] as number[], test: [] as number[] };
  const placed = new Map<string, number[]>();
  // What rounding took from one stratum, the next gives.
  const owed = { validation: 0, test: 0 };
  for (const stratum of strata) {
    const own = Map.groupBy(stratum, (row) => keys[row] as string);
    const order = [...own].filter(([key, rows]) => !follow(placed.get(key), rows));
    shuffle(order, random);
    for (const part of ['test', 'validation'] as const) {
      owed[part] += shares[part] * stratum.length;
      while (order.length > 1 && owed[part] >= 0.5) take(part, order.pop() as [string, number[]]);
    }
    for (const [key, rows] of order) {
      add(split.train, rows);
      placed.set(key, split.train);
    }
  }
  for (const rows of Object.values(split)) rows.sort((a, b) => a - b);
  return split;

  function take(part: 'test' | 'validation', [key, rows]: [string, number[]]): void {
    add(split[part], rows);
    placed.set(key, split[part]);
    owed[part] -= rows.length;
  }
}

/** Puts rows where the same ones of another stratum are. */
function follow(part: number[] | undefined, rows: readonly number[]): boolean {
  if (part) add(part, rows);
  return part !== undefined;
}

/** One by one: there may be more than a call takes arguments. */
function add(part: number[], rows: readonly number[]): void {
  for (const row of rows) part.push(row);
}
