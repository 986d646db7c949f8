import { seededRandom } from '../seeded-random.ts';
import type { Estimate } from './estimate.ts';

const draws = 500;
const tail = 0.025;

/** Measures of rows, each of which counts as often as it was drawn. NaN where rows say nothing of a measure. */
export type Measure = (counts: Uint32Array) => Readonly<Record<string, number>>;

/**
 * Measures with their intervals: those in which 95 % of the values lie for rows that are drawn from these, with the
 * same seed each time.
 *
 * `gaps` names shares that are sums of distances: what is drawn from rows is farther off than these, as these are than
 * what they were drawn from. Theirs reach as far below the value as draws lie above it, and to the value itself.
 *
 * Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3 (the percentile interval);
 * Davison and Hinkley, "Bootstrap Methods and their Application", 1997, section 5.2 (the basic interval).
 */
export function bootstrap(
  rows: number,
  measure: Measure,
  gaps: readonly string[] = [],
): Readonly<Record<string, Estimate>> {
  const random = seededRandom();
  const values = measure(new Uint32Array(rows).fill(1));
  const drawn = Array.from({ length: rows === 0 ? 0 : draws }, () => {
    const counts = new Uint32Array(rows);
    for (let left = rows; left > 0; left -= 1) {
      const row = Math.floor(random() * rows);
      counts[row] = (counts[row] as number) + 1;
    }
    return measure(counts);
  });
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => {
        const others = drawn.map((each) => each[name] as number).filter(Number.isFinite);
        others.sort((a, b) => a - b);
        const at = (share: number) => others[Math.round(share * (others.length - 1))] ?? value;
        const drawnFrom = { low: at(tail), high: at(1 - tail) };
        return [name, { value, ...(gaps.includes(name) ? mirrored(value, drawnFrom) : drawnFrom) }];
      }),
  );
}

function mirrored(value: number, { low, high }: Omit<Estimate, 'value'>): Omit<Estimate, 'value'> {
  return { low: Math.max(0, 2 * value - high), high: Math.min(1, Math.max(value, 2 * value - low)) };
}
