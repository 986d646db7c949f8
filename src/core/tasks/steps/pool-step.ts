import type { PostprocessStep } from '../../../ports/task.ts';
import { ServiceError } from '../../../protocol/service-error.ts';
import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import { findOutput } from '../find-output.ts';
import { isScores } from '../is-scores.ts';
import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';
import { toldNumbers } from '../told-numbers.ts';

/**
 * One vector for an item: of an output with one for each token the mean of those of its text, or the first one, and of
 * an output with one vector that; cut where the caller wants that and the settings allow it, and scaled to the length of
 * 1 unless they say otherwise. Throws an Error where the model has no such output.
 */
export function poolStep(
  model: TaskModel,
  { output, mode = 'mean', normalize = true, dimensions = [] }: NonNullable<PostprocessStep['pool']>,
): Step<'outputs', 'prediction'> {
  const what = 'an output of floats, [batch, width] or [batch, tokens, width]';
  const found = findOutput(model, { step: 'pool', name: output ?? usual(model), willDo: isVectors, what });
  const isPooled = found.shape.length === 2;
  return {
    takes: 'outputs',
    gives: 'prediction',
    reads: found.name,
    apply: (outputs) => {
      const numbers = toldNumbers(outputs, found.name);
      const width = outputs.tensors.get(found.name)?.shape.at(-1) ?? 0;
      const { tokens = Number.POSITIVE_INFINITY } = outputs;
      const vector =
        isPooled || mode === 'first' ? numbers.slice(0, width) : mean(numbers.slice(0, tokens * width), width);
      const cut = cutTo(outputs.dimensions ?? vector.length, vector, dimensions);
      return normalize ? ofLengthOne(cut) : cut;
    },
  };
}

/** The output that sentence-transformers names for it, where the model has it. */
function usual({ signature }: TaskModel): string | undefined {
  return signature.outputs.find(({ name }) => name === 'sentence_embedding')?.name;
}

function isVectors(output: TensorSpec): boolean {
  return isScores(output) && (output.shape.length === 2 || output.shape.length === 3);
}

function cutTo(wanted: number, vector: readonly number[], allowed: readonly number[]): readonly number[] {
  if (wanted === vector.length) return vector;
  const shorter = allowed.filter((length) => length < vector.length);
  if (shorter.includes(wanted)) return vector.slice(0, wanted);
  const others = shorter.length > 0 ? `or ${shorter.join(', ')} of them` : 'and no shorter ones';
  throw new ServiceError(
    400,
    `field 'dimensions': the model gives vectors of ${vector.length} numbers, ${others}; got ${wanted}`,
    { field: 'dimensions' },
  );
}

function mean(numbers: readonly number[], width: number): readonly number[] {
  const sums = new Array<number>(width).fill(0);
  for (const [at, number] of numbers.entries()) sums[at % width] = (sums[at % width] ?? 0) + number;
  const tokens = numbers.length / width;
  return sums.map((sum) => sum / tokens);
}

function ofLengthOne(vector: readonly number[]): readonly number[] {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? vector : vector.map((value) => value / length);
}
