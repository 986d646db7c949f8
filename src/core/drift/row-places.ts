import { driftLimits } from './drift-limits.ts';

/** The rows of a run that are looked at, evenly spread over it. */
export function rowPlaces(rows: number): readonly number[] {
  const count = Math.min(rows, driftLimits.rows);
  return Array.from({ length: count }, (_, index) => Math.floor((index * rows) / count));
}
