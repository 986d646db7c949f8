import { jsonIn } from '../../protocol/json-in.ts';
import { BadRows } from './bad-rows.ts';

/** Vectors that rows are to be given. */
export interface VectorTargets {
  /** A row after the other. */
  readonly numbers: readonly number[];
  /** Numbers of each. */
  readonly size: number;
}

/**
 * Targets that are vectors: JSON lists of numbers, all of one size, that of the first row without `size`. Throws an
 * Error that names the rows where they are none, or have no direction.
 */
export function vectorTargets(texts: readonly string[], label: string, size?: number): VectorTargets {
  const bad = new BadRows(label);
  const vectors = texts.map((text) => jsonIn(text));
  const [first] = vectors;
  const wanted = size ?? (Array.isArray(first) ? first.length : 0);
  for (const [row, vector] of vectors.entries()) {
    if (!isNumbers(vector)) bad.add(row, `expected a list of numbers, got ${texts[row]?.slice(0, 40)}`);
    else if (vector.length !== wanted) bad.add(row, `expected a vector of ${wanted} numbers, got ${vector.length}`);
    else if (vector.every((number) => number === 0)) bad.add(row, 'a vector of zeros has no direction');
  }
  bad.throwIfAny();
  return { numbers: (vectors as number[][]).flat(), size: wanted };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => Number.isFinite(Math.fround(each)));
}
