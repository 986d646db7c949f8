import { seededRandom } from '../../../src/core/seeded-random.ts';
import { collectBytes } from '../../../src/graph/collect-bytes.ts';
import type { ApplyGraph } from '../../../src/graph/gradient/apply-graph.ts';
import { learningRate, type Schedule } from '../../../src/graph/gradient/optimizers/learning-rate.ts';
import { type TrainingOptions, trainingGraphs } from '../../../src/graph/gradient/training-graphs.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { OpenModel } from './open-model.ts';
import { tensorOf, valuesOf } from './tensors.ts';

/** Rows of FP32 with a label each. */
export interface LabelledRows {
  readonly shape: readonly number[];
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

export type Recipe = TrainingOptions & {
  readonly schedule: Schedule;
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
};

export interface TrainedModel {
  readonly weights: Readonly<Record<string, FixedTensor>>;
  /** The mean loss of each epoch. */
  readonly losses: readonly number[];
  /** The share of rows whose class is right. */
  readonly accuracy: number;
}

/** Trains a model whose input is `x` by mini-batches. */
export async function trainedModel(bytes: Uint8Array, data: LabelledRows, recipe: Recipe): Promise<TrainedModel> {
  const graphs = trainingGraphs(await readModel(bytesAccess(bytes)), recipe);
  const [rule] = graphs.apply as [ApplyGraph];
  const [gradients, apply] = [await OpenModel.open(graphs.gradients), await OpenModel.open(rule.model)];
  const random = seededRandom(recipe.seed);
  const weights: Record<string, FixedTensor> = {};
  const states: Record<string, Record<string, FixedTensor>> = {};
  for (const tensor of [...graphs.parameters.map((parameter) => parameter.tensor), ...graphs.frozen])
    weights[tensor.name] = { datatype: 'FP32', shape: tensor.shape, data: await collectBytes(tensor.data) };
  for (const { tensor } of graphs.parameters) {
    const zeros = { ...flat(weights[tensor.name] as FixedTensor), data: new Uint8Array(tensor.data.length) };
    states[tensor.name] = Object.fromEntries(rule.states.map(({ name }) => [name, zeros]));
  }
  const feed = (picked: readonly number[]) => ({
    x: tensorOf(
      'FP32',
      [picked.length, ...data.shape],
      picked.flatMap((at) => data.rows[at] ?? []),
    ),
    [graphs.target]: {
      datatype: 'INT64' as const,
      shape: [picked.length],
      data: new Uint8Array(BigInt64Array.from(picked, (at) => BigInt(data.labels[at] ?? 0)).buffer),
    },
  });
  const losses: number[] = [];
  let step = 0;
  try {
    for (let epoch = 0; epoch < recipe.epochs; epoch += 1) {
      const order = shuffled(data.rows.length, random);
      let sum = 0;
      for (let from = 0; from < order.length; from += recipe.batch) {
        const picked = order.slice(from, from + recipe.batch);
        const results = await gradients.run({ ...feed(picked), ...weights });
        sum += (valuesOf(results[graphs.loss] as FixedTensor)[0] as number) * picked.length;
        for (const { tensor, gradient, decays } of graphs.parameters) {
          const weight = weights[tensor.name] as FixedTensor;
          const next = await apply.run({
            [rule.parameter]: flat(weight),
            [rule.gradient]: flat(results[gradient] as FixedTensor),
            ...states[tensor.name],
            [rule.learningRate]: tensorOf('FP64', [], [learningRate(recipe.schedule, step)]),
            [rule.step]: tensorOf('FP64', [], [step + 1]),
            [rule.decay]: tensorOf('FP64', [], [decays ? 1 : 0]),
            ...(rule.norm && graphs.norm && { [rule.norm]: results[graphs.norm] as FixedTensor }),
          });
          weights[tensor.name] = { ...weight, data: (next[rule.next] as FixedTensor).data };
          states[tensor.name] = Object.fromEntries(
            rule.states.map((state) => [state.name, next[state.next] as FixedTensor]),
          );
        }
        step += 1;
      }
      losses.push(sum / order.length);
    }
    const all = await gradients.run({ ...feed([...data.rows.keys()]), ...weights });
    const logits = valuesOf(all[graphs.prediction] as FixedTensor);
    const classes = logits.length / data.rows.length;
    const right = data.labels.filter((label, row) => {
      const own = logits.slice(row * classes, (row + 1) * classes);
      return own.indexOf(Math.max(...own)) === label;
    });
    return { weights, losses, accuracy: right.length / data.rows.length };
  } finally {
    await gradients.release();
    await apply.release();
  }
}

/** As the model that takes the step has it. */
function flat(tensor: FixedTensor): FixedTensor {
  return { ...tensor, shape: [tensor.shape.reduce((product, size) => product * size, 1)] };
}

function shuffled(count: number, random: () => number): readonly number[] {
  const order = Array.from({ length: count }, (_item, at) => at);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}
