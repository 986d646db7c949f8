import { elementOf } from '../src/core/releases/element-of.ts';
import { countElements } from '../src/protocol/count-elements.ts';
import type { Tensor } from '../src/protocol/tensor.ts';
import { openModel } from './open-model.ts';

/** Of the largest value: what kernels that run fewer rows together, or nodes that are joined, may differ by. */
const tolerance = 1e-3;

interface AnsweredRow {
  readonly tensors: readonly Tensor[];
  /** What the model said of it in training. */
  readonly values: readonly number[];
}

/** Asks the model at `path` about rows as it will be asked once it serves. Rejects with an Error where it answers otherwise than in its training. */
export async function checkTrained(
  path: string,
  inputNames: readonly string[],
  rows: readonly AnsweredRow[],
): Promise<void> {
  const session = await openModel(path, 'the trained model');
  try {
    const [output] = session.outputs;
    for (const { tensors, values } of rows) {
      const run = { inputs: tensors, inputNames, outputNames: [output?.name ?? ''] };
      const [answer] = await session.run(run);
      const element = elementOf(answer as Tensor);
      const own = Array.from({ length: countElements((answer as Tensor).shape) }, (_value, at) => Number(element(at)));
      const most = Math.max(1, ...values.map(Math.abs));
      const strange = values.findIndex((value, at) => !(Math.abs(value - (own[at] ?? Number.NaN)) <= tolerance * most));
      if (strange >= 0)
        throw new Error(
          `the trained model answers ${own[strange]} where it answered ${values[strange]} in its training: nothing was stored`,
        );
    }
  } finally {
    await session.release();
  }
}
