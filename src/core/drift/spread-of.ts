import type { Spread } from './baseline.ts';
import { binOf } from './bin-of.ts';
import { driftLimits } from './drift-limits.ts';

const quantiles = 100;

/** How values are spread, and how many of them are in each bin. */
export function spreadOf(values: readonly (number | string)[]): Spread & { readonly counts: readonly number[] } {
  const spread: Spread = isCounted(values)
    ? { values: valuesOf(values) }
    : { edges: edgesOf(values as readonly number[]) };
  const counts = new Array<number>(bins(spread)).fill(0);
  for (const value of values) {
    const bin = binOf(spread, value);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { ...spread, counts };
}

function bins(spread: Spread): number {
  return 'values' in spread ? spread.values.length + 1 : spread.edges.length + 2;
}

/** Few words, or few whole numbers, are no points on a line: classes, flags, codes. */
function isCounted(values: readonly (number | string)[]): boolean {
  const distinct = new Set<number | string>();
  for (const value of values) {
    if (typeof value === 'number' && !Number.isInteger(value)) return false;
    if (distinct.add(value).size > driftLimits.values) return false;
  }
  return true;
}

function valuesOf(values: readonly (number | string)[]): readonly string[] {
  return [...new Set(values)]
    .sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1))
    .map(String);
}

function edgesOf(values: readonly number[]): readonly number[] {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const last = sorted.length - 1;
  if (last < 0) return [];
  const edges = [below(sorted[0] as number)];
  for (let i = 1; i <= quantiles; i += 1) {
    const edge = sorted[Math.round((i * last) / quantiles)] as number;
    if (edge > (edges.at(-1) as number)) edges.push(edge);
  }
  return edges;
}

/** A number less than `value` by as little as matters. */
function below(value: number): number {
  return value - Math.max(Math.abs(value) * 1e-9, Number.MIN_VALUE);
}
