import { collectBytes } from '../../../src/graph/collect-bytes.ts';
import { type GradientOptions, gradientGraph } from '../../../src/graph/gradient/gradient-graph.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';
import { type Feeds, OpenModel } from './open-model.ts';
import { tensorOf, valuesOf } from './tensors.ts';

export interface LossError {
  /** By name of a weight: the largest difference from central differences of the loss, as a part of the largest entry. */
  readonly errors: Readonly<Record<string, number>>;
  readonly loss: number;
}

const step = 1e-5;
const most = 40;

/** Holds the gradients of a whole model of FP64 against central differences; of large weights, some elements are. */
export async function lossError(
  forward: OnnxGraph,
  options: GradientOptions,
  feeds: Feeds,
  target: FixedTensor,
): Promise<LossError> {
  const model = await readModel(bytesAccess(buildOnnx(forward)));
  const found = gradientGraph(model, options);
  const open = await OpenModel.open(found.model);
  try {
    const weights: Record<string, FixedTensor> = {};
    for (const tensor of [...found.parameters.map((parameter) => parameter.tensor), ...found.frozen])
      weights[tensor.name] = { datatype: 'FP64', shape: tensor.shape, data: await collectBytes(tensor.data) };
    const run = (moved: Feeds = {}) => open.run({ ...feeds, ...weights, ...moved, [found.target]: target });
    const results = await run();
    const lossOf = (outputs: Record<string, FixedTensor>) => valuesOf(outputs[found.loss] as FixedTensor)[0] as number;
    const errors: Record<string, number> = {};
    for (const { tensor, gradient } of found.parameters) {
      const ours = valuesOf(results[gradient] as FixedTensor);
      const at = valuesOf(weights[tensor.name] as FixedTensor);
      const every = Math.ceil(at.length / most);
      const picked = [...at.keys()].filter((index) => index % every === 0);
      const moved = (index: number, by: number) => ({
        [tensor.name]: tensorOf('FP64', tensor.shape, at.with(index, (at[index] as number) + by)),
      });
      const largest = Math.max(...ours.map(Math.abs));
      const differences: number[] = [];
      for (const index of picked) {
        const truth = (lossOf(await run(moved(index, step))) - lossOf(await run(moved(index, -step)))) / (2 * step);
        differences.push(Math.abs(truth - (ours[index] as number)) / largest);
      }
      errors[tensor.name] = Math.max(...differences);
    }
    return { errors, loss: lossOf(results) };
  } finally {
    await open.release();
  }
}
