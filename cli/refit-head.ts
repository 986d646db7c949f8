import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { writeOnnxModel } from '../src/adapters/onnx-files/write-onnx-model.ts';
import { openTrainer } from '../src/adapters/training/open-trainer.ts';
import { type LossPoint, learnFromTeacher } from '../src/core/training/learn-from-teacher.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { showValues } from '../src/graph/passes/show-values.ts';
import type { SoftmaxHead } from '../src/graph/prune/softmax-head.ts';
import { withWeights } from '../src/graph/with-weights.ts';
import type { Run } from '../src/ports/session.ts';
import { countElements } from '../src/protocol/count-elements.ts';
import type { FixedTensor } from '../src/protocol/tensor.ts';
import { openModel } from './open-model.ts';

export interface HeadRefit {
  /** The model that was made of `source`, whose head it has. */
  readonly model: OnnxModel;
  readonly source: OnnxModel;
  readonly head: SoftmaxHead;
  readonly runs: readonly Run[];
  readonly seed: number;
  /** For models that are opened on the way. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

const [epochs, batch, rate, clipNorm] = [40, 32, 0.003, 1];
const wanted = 'wanted';

/**
 * Fits the softmax head of a model anew, beginning with what it was, to the shares that its source gives to the same
 * runs. The rest stays.
 */
export async function refitHead(refit: HeadRefit): Promise<{ model: OnnxModel; losses: readonly LossPoint[] }> {
  const { model, source, head, runs, seed, folder, signal } = refit;
  const logits = await valuesOf(source, head.logits, runs, join(folder, 'logits.onnx'), signal);
  const features = await valuesOf(model, head.features, runs, join(folder, 'features.onnx'), signal);
  const lessons = features.map(
    (feature, place): Run => ({
      inputs: [asRows(feature), asRows(logits[place] as FixedTensor)],
      inputNames: [head.features, wanted],
      outputNames: [head.logits],
    }),
  );
  const options = {
    output: head.logits,
    loss: { kind: 'distillation' as const },
    optimizer: { kind: 'adam' as const },
    clipNorm,
  };
  const { trainer, target } = await openTrainer(head.model, options, { threads: availableParallelism() });
  try {
    const losses = await learnFromTeacher({
      trainer,
      target,
      runs: lessons,
      ask: async ({ inputs, inputNames }) => inputs[inputNames.indexOf(wanted)] as FixedTensor,
      epochs,
      batch,
      rate: (step, steps) => rate * (1 - step / steps),
      seed,
      signal,
    });
    return { model: withWeights(model, trainer.weights), losses };
  } finally {
    await trainer.release();
  }
}

/** A value of a model for each run. */
async function valuesOf(
  model: OnnxModel,
  value: string,
  runs: readonly Run[],
  path: string,
  signal: AbortSignal,
): Promise<readonly FixedTensor[]> {
  await writeOnnxModel(showValues(model, [value]), path);
  const session = await openModel(path, `the model with '${value}' as an output`);
  try {
    const values: FixedTensor[] = [];
    for (const run of runs) {
      const [found] = await session.run({ ...run, outputNames: [value] }, signal);
      values.push(found as FixedTensor);
    }
    return values;
  } finally {
    await session.release();
  }
}

/** All that lies along the last axis, below one another. */
function asRows({ datatype, shape, data }: FixedTensor): FixedTensor {
  const columns = shape.at(-1) as number;
  const rows = countElements(shape.slice(0, -1));
  return { datatype, shape: [rows, columns], data };
}
