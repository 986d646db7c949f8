import { elementOf } from '../src/core/releases/element-of.ts';
import { sigmoid } from '../src/core/sigmoid.ts';
import { softmax } from '../src/core/softmax.ts';
import { countElements } from '../src/protocol/count-elements.ts';
import type { Tensor } from '../src/protocol/tensor.ts';
import { openModel } from './open-model.ts';

/** Of the largest value: what kernels that run fewer rows together, or nodes that are joined, may differ by. */
const tolerance = 1e-3;

interface AnsweredRow {
  readonly tensors: readonly Tensor[];
  /**
   * What the model said of it in training; of classes, before the shares of 1, or for each class, that some models make
   * of that.
   */
  readonly values: readonly number[];
}

/**
 * Asks the model at `path` about rows as it will be asked once it serves. Rejects with an Error where it answers
 * otherwise than in its training.
 */
export async function checkTrained(
  path: string,
  inputNames: readonly string[],
  rows: readonly AnsweredRow[],
  named?: string,
): Promise<void> {
  const session = await openModel(path, 'the trained model');
  try {
    const output = named ?? session.outputs[0]?.name ?? '';
    for (const { tensors, values } of rows) {
      const run = { inputs: tensors, inputNames, outputNames: [output] };
      const [answer] = await session.run(run);
      const element = elementOf(answer as Tensor);
      const own = Array.from({ length: countElements((answer as Tensor).shape) }, (_value, at) => Number(element(at)));
      if ([values, softmax(values), values.map(sigmoid)].some((wanted) => isNear(own, wanted))) continue;
      throw new Error(
        `the trained model answers ${told(own)} where it answered ${told(values)} in its training: nothing was stored`,
      );
    }
  } finally {
    await session.release();
  }
}

function isNear(own: readonly number[], wanted: readonly number[]): boolean {
  const most = Math.max(1, ...wanted.map(Math.abs));
  return (
    own.length === wanted.length &&
    own.every((value, at) => Math.abs(value - (wanted[at] as number)) <= tolerance * most)
  );
}

function told(values: readonly number[]): string {
  return `[${values
    .slice(0, 5)
    .map((value) => value.toPrecision(4))
    .join(', ')}${values.length > 5 ? ', …' : ''}]`;
}
