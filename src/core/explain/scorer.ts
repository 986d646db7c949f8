import type { OutputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { ModelVersion } from '../model-version.ts';
import { applySteps } from '../tasks/apply-steps.ts';
import type { ItemInputs, ItemOutputs, Prediction } from '../tasks/flow.ts';
import { isScores } from '../tasks/is-scores.ts';
import { itemNumbers } from '../tasks/item-numbers.ts';
import { itemOutputs } from '../tasks/item-outputs.ts';
import { labelsOf } from '../tasks/labels-of.ts';
import type { ExplainCall } from './explain-call.ts';

/** What numbers a model's answer to an item is explained by. */
export interface Scorer {
  /** What has them. */
  readonly of: 'answer' | 'output';
  /** The output that they are of; undefined where the task makes others of it. */
  readonly output: string | undefined;
  /** The output that they are made of; undefined where that is not known. */
  readonly reads: string | undefined;
  scores(inputs: ItemInputs, outputs: readonly OutputTensor[]): Promise<readonly number[]>;
  /** The names of the classes that the numbers are of; undefined where they have none. */
  labels(outputs: readonly OutputTensor[]): readonly string[] | undefined;
}

/**
 * The scores of a task, as its steps make them, or of a model without one the numbers of an output. Throws 400 where
 * the task has none to explain, or there is no such output.
 */
export function openScorer({ version, subject, options }: ExplainCall): Scorer {
  return subject.item === undefined ? scorerOfOutput(version, options.output) : scorerOfTask(version);
}

function scorerOfTask(version: ModelVersion): Scorer {
  const { task, signature, label } = version;
  const { steps = [] } = task?.postprocess ?? {};
  const last = steps.at(-1);
  if (!task || !signature || !last) throw new ServiceError(400, `${label} has no task to explain`);
  const { scores: name } = last;
  return {
    of: 'answer',
    output: name,
    reads: name ?? last.reads,
    labels: (outputs) => (name === undefined ? undefined : labelsOf(signature, itemOutputs({}, outputs), name)),
    scores: async (inputs, outputs) => {
      const made = (await applySteps(steps.slice(0, -1), itemOutputs(inputs, outputs))) as ItemOutputs;
      if (name === undefined) return numbersOf((await last.apply(made)) as Prediction, task.name);
      return inputs.windows ? meanRow(itemNumbers(made, name), inputs.windows.count) : itemNumbers(made, name);
    },
  };
}

/** A vector. */
function numbersOf(prediction: Prediction, task: string): readonly number[] {
  const isNumbers = Array.isArray(prediction) && prediction.every((each) => typeof each === 'number');
  if (isNumbers) return prediction as readonly number[];
  throw new ServiceError(
    400,
    `the task ${task} gives no scores that could be shared out: what can be explained is classes, numbers and vectors`,
  );
}

/** Of a sound that the model takes in windows, one row each. */
function meanRow(numbers: readonly number[], rows: number): readonly number[] {
  const width = Math.max(1, Math.floor(numbers.length / rows));
  const sums = new Array<number>(width).fill(0);
  for (const [at, number] of numbers.entries()) sums[at % width] = (sums[at % width] as number) + number / rows;
  return sums;
}

function scorerOfOutput({ signature, label }: ModelVersion, asked: string | undefined): Scorer {
  const floats = signature?.outputs.filter(isScores) ?? [];
  const found = floats.find(({ name }) => asked === undefined || name === asked);
  if (!found || !signature) {
    const known = floats.map(({ name }) => `'${name}'`).join(', ') || 'none';
    throw new ServiceError(
      400,
      `parameter 'output': expected an output of floats of ${label}, got ${asked ?? 'nothing'}; it has ${known}`,
      { field: 'output' },
    );
  }
  const { name } = found;
  return {
    of: 'output',
    output: name,
    reads: name,
    labels: (outputs) => labelsOf(signature, itemOutputs({}, outputs), name),
    scores: async (_inputs, outputs) => itemNumbers(itemOutputs({}, outputs), name),
  };
}
