import { cosine } from '../tasks/cosine.ts';
import { bootstrap } from './bootstrap.ts';
import type { Estimate } from './estimate.ts';

/** How near the vectors that a model gives are to those that were wanted. */
export interface VectorMetrics {
  readonly rows: number;
  /** The mean of the cosines of the angles between them. */
  readonly cosine: Estimate;
}

/** Vectors of `size` numbers, a row after the other; the interval is bootstrapped. */
export function vectorMetrics(wanted: readonly number[], said: Float64Array, size: number): VectorMetrics {
  const rows = wanted.length / size;
  const part = (row: number) => [row * size, (row + 1) * size] as const;
  const cosines = Array.from({ length: rows }, (_cosine, row) =>
    cosine(wanted.slice(...part(row)), [...said.subarray(...part(row))]),
  );
  const estimates = bootstrap(rows, (counts) => ({
    cosine: cosines.reduce((sum, each, row) => sum + each * (counts[row] as number), 0) / rows,
  })) as Omit<VectorMetrics, 'rows'>;
  return { rows, ...estimates };
}
