import { shuffle } from '../shuffle.ts';
import { owedRows } from './owed-rows.ts';
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

/** Rows that are the same, those of one stratum after those of another. */
type Group = readonly number[];

/** What is not held back. */
interface Kept {
  /** By the first stratum that they have rows of. */
  readonly groups: readonly Group[][];
  /** How many groups have rows of a stratum. */
  readonly counts: number[];
  /** By row. */
  readonly stratumOf: Int32Array;
}

/** What is held back for one purpose. */
interface Held {
  readonly rows: number[];
  /** How many more rows of each stratum it is to have. */
  readonly owed: number[];
}

/**
 * Parts rows so that each part has as much of each stratum, to a row; rows that are the same are held back only where
 * that brings a part nearer to its share. Of each stratum some are trained with.
 */
export function splitRows({ strata, keys }: RowsToSplit, shares: SplitShares, random: () => number): Split {
  const kept = keptOf(strata, keys);
  const sizes = strata.map(({ length }) => length);
  const parts = owedRows(sizes, [shares.test, shares.validation]).map((owed): Held => ({ rows: [], owed }));
  for (const [stratum, groups] of kept.groups.entries()) {
    shuffle(groups, random);
    for (const part of parts) holdShare(kept, part, stratum);
  }
  for (const part of parts) fillUp(kept, part);
  const [test = [], validation = []] = parts.map(({ rows }) => rows);
  const split = { train: kept.groups.flatMap((groups) => groups.flat()), validation, test };
  for (const rows of Object.values(split)) rows.sort((a, b) => a - b);
  return split;
}

function keptOf(strata: RowsToSplit['strata'], keys: readonly string[]): Kept {
  const groups = strata.map((): number[][] => []);
  const counts = strata.map(() => 0);
  const stratumOf = new Int32Array(keys.length);
  const known = new Map<string, number[]>();
  for (const [stratum, rows] of strata.entries())
    for (const row of rows) {
      const key = keys[row] as string;
      const group = known.get(key) ?? [];
      const last = group.at(-1);
      if (last === undefined) groups[stratum]?.push(group);
      if (last === undefined || stratumOf[last] !== stratum) counts[stratum] = (counts[stratum] as number) + 1;
      group.push(row);
      stratumOf[row] = stratum;
      known.set(key, group);
    }
  return { groups, counts, stratumOf };
}

/** Takes groups of a stratum as long as that brings a part nearer to what it is owed of it. */
function holdShare(kept: Kept, part: Held, stratum: number): void {
  const groups = kept.groups[stratum] as Group[];
  const owed = () => part.owed[stratum] as number;
  for (let at = groups.length - 1; at >= 0 && owed() > 0; at -= 1) {
    const size = (groups[at] as Group).filter((row) => kept.stratumOf[row] === stratum).length;
    if (size < 2 * owed()) hold(kept, part, stratum, at);
  }
}

/** Where groups were too large for their strata, others go in their place: one of each stratum, the most owed first. */
function fillUp(kept: Kept, part: Held): void {
  let owed = part.owed.reduce((sum, rows) => sum + rows, 0);
  const most = [...part.owed.keys()].sort((a, b) => (part.owed[b] as number) - (part.owed[a] as number));
  for (const stratum of most) {
    const groups = kept.groups[stratum] as Group[];
    const at = groups.findLastIndex(({ length }) => length <= owed);
    if (at >= 0) owed -= hold(kept, part, stratum, at);
  }
}

/** Takes a group for a part, unless it is the last of a stratum, and gives how many rows that are. */
function hold({ groups, counts, stratumOf }: Kept, part: Held, stratum: number, at: number): number {
  const group = groups[stratum]?.[at] as Group;
  const strata = [...new Set(group.map((row) => stratumOf[row] as number))];
  if (strata.some((each) => counts[each] === 1)) return 0;
  groups[stratum]?.splice(at, 1);
  for (const each of strata) counts[each] = (counts[each] as number) - 1;
  for (const row of group) {
    part.rows.push(row);
    const own = stratumOf[row] as number;
    part.owed[own] = (part.owed[own] as number) - 1;
  }
  return group.length;
}
