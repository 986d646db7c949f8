import type { Run, Session } from '../../ports/session.ts';
import { compareTensors } from './compare-tensors.ts';

/** How far the answers of two versions are from one another, over all inputs. */
export interface AnswerDifference {
  /** The largest difference of two elements, in their own unit; null where it has none, as of texts. */
  readonly largest: number | null;
  /** Rows with another best class, and texts or whole numbers that are not the same. */
  readonly flips: number;
  /** Of how many. */
  readonly rows: number;
  /** Inputs to which the answers had other shapes or types: nothing else of them is counted. */
  readonly otherShapes: number;
}

/** Compares what two sessions answer to the same runs, by each output that both have. Rejects as their `run`. */
export async function compareSessions(
  first: Session,
  second: Session,
  runs: readonly Run[],
): Promise<Readonly<Record<string, AnswerDifference>>> {
  const names = first.outputs
    .map(({ name }) => name)
    .filter((name) => second.outputs.some((spec) => spec.name === name));
  const found = new Map(names.map((name) => [name, { largest: 0, flips: 0, rows: 0, otherShapes: 0 }]));
  for (const run of runs) {
    const [one, two] = [
      await first.run({ ...run, outputNames: names }),
      await second.run({ ...run, outputNames: names }),
    ];
    for (const [index, name] of names.entries()) {
      const [a, b, sum] = [one[index], two[index], found.get(name)];
      if (!a || !b || !sum) continue;
      if (a.datatype !== b.datatype || String(a.shape) !== String(b.shape)) {
        sum.otherShapes += 1;
        continue;
      }
      const { largest, flips, rows } = compareTensors(b, a);
      sum.largest = Math.max(sum.largest, largest);
      sum.flips += flips;
      sum.rows += rows;
    }
  }
  // JSON has no infinity.
  return Object.fromEntries(
    [...found].map(([name, sum]) => [name, { ...sum, largest: Number.isFinite(sum.largest) ? sum.largest : null }]),
  );
}
