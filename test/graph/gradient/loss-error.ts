import { collectBytes } from '../../../src/graph/collect-bytes.ts';
import { type GradientGraph, type GradientOptions, gradientGraph } from '../../../src/graph/gradient/gradient-graph.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';
import { type Feeds, OpenModel } from './open-model.ts';
import { type FloatType, tensorOf, valuesOf } from './tensors.ts';

export interface LossError {
  /**
   * By name of a weight: the largest difference from central differences of the loss, as a part of the largest entry.
   */
  readonly errors: Readonly<Record<string, number>>;
  readonly loss: number;
}

const step = 1e-5;
const most = 40;

/**
 * Holds the gradients of a whole model against central differences of its loss in FP64; of large weights, some elements
 * are.
 *
 * Where the runtime has no kernels of FP64, `truth` is the same function of the same weights and inputs by others.
 */
export async function lossError(
  forward: OnnxGraph,
  options: GradientOptions,
  feeds: Feeds,
  target: FixedTensor,
  truth = forward,
): Promise<LossError> {
  const [ours, theirs] = await Promise.all([forward, truth].map((graph) => OpenGradients.open(graph, options)));
  if (!ours || !theirs) throw new Error('no model');
  try {
    const results = await ours.run(feeds, target);
    const lossOf = async (moved: Feeds) => {
      const outputs = await theirs.run(feeds, target, moved);
      return valuesOf(outputs[theirs.found.loss] as FixedTensor)[0] as number;
    };
    const errors: Record<string, number> = {};
    for (const { tensor, gradient } of ours.found.parameters) {
      const found = valuesOf(results[gradient] as FixedTensor);
      const at = valuesOf(ours.weights[tensor.name] as FixedTensor);
      const every = Math.ceil(at.length / most);
      const moved = (index: number, by: number) => ({
        [tensor.name]: tensorOf('FP64', tensor.shape, at.with(index, (at[index] as number) + by)),
      });
      const largest = Math.max(...found.map(Math.abs)) || 1;
      errors[tensor.name] = 0;
      for (const index of [...at.keys()].filter((each) => each % every === 0)) {
        const slope = ((await lossOf(moved(index, step))) - (await lossOf(moved(index, -step)))) / (2 * step);
        const difference = Math.abs(slope - (found[index] as number)) / largest;
        errors[tensor.name] = Math.max(errors[tensor.name] as number, difference);
      }
    }
    return { errors, loss: await lossOf({}) };
  } finally {
    await Promise.all([ours.release(), theirs.release()]);
  }
}

/** The gradient graph of a model in the runtime, and the weights that the model had. */
class OpenGradients {
  readonly found: GradientGraph;
  readonly weights: Feeds;
  readonly #type: FloatType;
  readonly #open: OpenModel;

  private constructor(found: GradientGraph, weights: Feeds, type: FloatType, open: OpenModel) {
    this.found = found;
    this.weights = weights;
    this.#type = type;
    this.#open = open;
  }

  static async open(graph: OnnxGraph, options: GradientOptions): Promise<OpenGradients> {
    const found = gradientGraph(await readModel(bytesAccess(buildOnnx(graph))), options);
    const type = graph.inputs[0]?.datatype === 'FP32' ? 'FP32' : 'FP64';
    const weights: Record<string, FixedTensor> = {};
    for (const { name, shape, data } of [...found.parameters.map(({ tensor }) => tensor), ...found.frozen])
      weights[name] = { datatype: type, shape, data: await collectBytes(data) };
    return new OpenGradients(found, weights, type, await OpenModel.open(found.model));
  }

  run(feeds: Feeds, target: FixedTensor, moved: Feeds = {}): Promise<Record<string, FixedTensor>> {
    const all = { ...this.weights, ...feeds, ...moved, [this.found.target]: target };
    const own = Object.entries(all).map(([name, each]) => [name, this.#inOwnType(each)]);
    return this.#open.run(Object.fromEntries(own));
  }

  release(): Promise<void> {
    return this.#open.release();
  }

  #inOwnType(tensor: FixedTensor): FixedTensor {
    const isOther = ['FP32', 'FP64'].includes(tensor.datatype) && tensor.datatype !== this.#type;
    return isOther ? tensorOf(this.#type, tensor.shape, valuesOf(tensor)) : tensor;
  }
}
