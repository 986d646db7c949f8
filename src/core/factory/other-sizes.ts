import type { Run } from '../../ports/session.ts';
import { countElements } from '../../protocol/count-elements.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

// Twice the longest sample may be more than a trial is worth.
const mostElements = 4 * 1024 * 1024;

/** Sizes of inputs to try. */
interface TriedSizes {
  /** Which dimension has which size: `dimension 1 of 'ids' at 7`. */
  readonly where: string;
  /** By the order of the inputs. */
  readonly shapes: readonly (readonly number[])[];
}

/**
 * Shapes of inputs in which each free dimension in turn has two other sizes than in the first run: one more, and twice
 * the largest of all runs. Dimensions at one place that are alike in the first run are taken for one, as those of a
 * batch and of a sequence are.
 *
 * @param mayGrow there is a source that tells whether it takes that much; without one, sizes are smaller, as a text may
 * have no more words than its
 *   model has places
 */
export function otherSizes(
  specs: readonly TensorSpec[],
  runs: readonly [Run, ...Run[]],
  mayGrow: boolean,
): readonly TriedSizes[] {
  const shapesOf = (run: Run) => specs.map(({ name }) => run.inputs[run.inputNames.indexOf(name)]?.shape ?? []);
  const base = shapesOf(runs[0]);
  const groups = new Map<string, (readonly [input: number, axis: number])[]>();
  for (const [input, { shape, anyRank }] of specs.entries()) {
    if (anyRank) continue;
    for (const [axis, size] of shape.entries()) {
      if (size !== -1) continue;
      const key = `${axis} ${base[input]?.[axis]}`;
      groups.set(key, [...(groups.get(key) ?? []), [input, axis]]);
    }
  }
  const all = runs.map(shapesOf);
  return [...groups.values()]
    .flatMap((places) => {
      const [[first, firstAxis]] = places as [readonly [number, number]];
      const known = base[first]?.[firstAxis] ?? 1;
      const longest = all.reduce((most, shapes) => Math.max(most, shapes[first]?.[firstAxis] ?? 0), 1);
      const sizes = mayGrow ? [known + 1, Math.max(2 * longest, known + 2)] : smaller(known);
      return [...new Set(sizes)].map((size) => ({
        where: `dimension ${firstAxis} of '${specs[first]?.name}' at ${size}`,
        shapes: base.map((shape, input) =>
          shape.map((own, axis) => (places.some(([i, a]) => i === input && a === axis) ? size : own)),
        ),
      }));
    })
    .filter(({ shapes }) => shapes.every((shape) => countElements(shape) <= mostElements));
}

function smaller(size: number): readonly number[] {
  return size <= 1 ? [2, 3] : [size - 1, Math.ceil(size / 2)];
}
