import type { Run } from '../../ports/session.ts';
import { joinRows } from '../../protocol/join-rows.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { TrainingBatch } from './trainer.ts';

/** The inputs of runs that are alike as those of one, by name. */
export function joinedInputs(runs: readonly Run[]): TrainingBatch {
  const [first] = runs as readonly [Run];
  return Object.fromEntries(
    first.inputNames.map((name, place) => [name, joinRows(runs.map(({ inputs }) => inputs[place]) as [Tensor])]),
  );
}
