import type { ItemOutputs, ScoredLabel } from './flow.ts';
import { labelsOf } from './labels-of.ts';
import { shortNumber } from './short-number.ts';
import type { TaskModel } from './task-model.ts';
import { toldNumbers } from './told-numbers.ts';

/** The classes of an output with the most, best first, by its labels, or their numbers where it has none. */
export function bestClasses(
  { signature }: TaskModel,
  outputs: ItemOutputs,
  name: string,
  count: number,
): readonly ScoredLabel[] {
  const labels = labelsOf(signature, outputs, name);
  return toldNumbers(outputs, name)
    .map((score, index) => ({ label: labels?.[index] ?? String(index), score }))
    .sort((one, other) => other.score - one.score)
    .slice(0, count)
    .map(({ label, score }) => ({ label, score: shortNumber(score) }));
}
