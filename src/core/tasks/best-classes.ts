import { shortestFloat32 } from '../../protocol/shortest-float32.ts';
import type { ItemOutputs, ScoredLabel } from './flow.ts';
import { itemNumbers } from './item-numbers.ts';
import { labelsOf } from './labels-of.ts';
import type { TaskModel } from './task-model.ts';

/** The classes of an output with the most, best first, by its labels, or their numbers where it has none. */
export function bestClasses(
  { signature }: TaskModel,
  outputs: ItemOutputs,
  name: string,
  count: number,
): readonly ScoredLabel[] {
  const labels = labelsOf(signature, outputs, name);
  return itemNumbers(outputs, name)
    .map((score, index) => ({ label: labels?.[index] ?? String(index), score }))
    .sort((one, other) => other.score - one.score)
    .slice(0, count)
    .map(({ label, score }) => ({ label, score: short(score) }));
}

/** FP32 with no more digits than it has, as in JSON of tensors. */
function short(score: number): number {
  return Number.isFinite(score) && Math.fround(score) === score ? Number(shortestFloat32(score)) : score;
}
