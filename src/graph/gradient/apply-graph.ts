import { dataTypes } from '../data-types.ts';
import { Names } from '../names.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { builtModel } from './built-model.ts';
import { clipFactor } from './clip-factor.ts';
import type { DifferentiatedWeight } from './gradient-graph.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { updateRuleOf } from './optimizers/update-rule-of.ts';

export interface ApplyOptions {
  readonly optimizer: Optimizer;
  /** How much weights, all parameters but biases and scales, are drawn to 0 evenly. @default 0 */
  readonly l1?: number;
  /** How much weights are drawn to 0, the more the larger they are. @default 0 */
  readonly l2?: number;
  /** The largest length that the gradients of all parameters have together. @default any */
  readonly clipNorm?: number;
}

/** A weight that training changes. */
export interface UpdatedWeight extends DifferentiatedWeight {
  /** The output that takes its place. */
  readonly next: string;
  /** What the optimizer keeps of it, of its shape, zeros at first: inputs, and the outputs that take their places. */
  readonly states: readonly { readonly name: string; readonly next: string }[];
}

export interface ApplyGraph {
  readonly apply: OnnxModel;
  readonly parameters: readonly UpdatedWeight[];
  readonly learningRate: string;
  readonly step: string;
  readonly norm?: string;
}

/**
 * The graph that takes a step: parameters, their gradients and states → what takes their places. Clipping is of the gradients alone;
 * then what draws weights to 0 is added to them, as torch's optimizers do.
 */
export function applyGraph(weights: readonly DifferentiatedWeight[], options: ApplyOptions): ApplyGraph {
  const { optimizer, l1 = 0, l2 = 0, clipNorm } = options;
  const names = new Names();
  const graph = new GraphBuilder(names);
  for (const { tensor, gradient } of weights) {
    for (const name of [tensor.name, gradient]) {
      names.fresh(name);
      graph.declare(name, tensor);
    }
  }
  const [rate, step] = ['learningRate', 'step'].map((word) => graph.name(word)) as [string, string];
  for (const scalar of [rate, step]) graph.declare(scalar, { dataType: dataTypes.DOUBLE, shape: [] });
  const clipped =
    clipNorm === undefined
      ? undefined
      : clipFactor(
          graph,
          weights.map(({ gradient }) => gradient),
          clipNorm,
        );
  const rule = updateRuleOf(optimizer);
  const parameters = weights.map((weight) => {
    const { tensor } = weight;
    const { name: parameter } = tensor;
    const decays = tensor.shape.length > 1;
    const states = rule.states.map((word) => graph.name(`${word}/${parameter}`));
    for (const state of states) graph.declare(state, tensor);
    const short = clipped ? graph.op('Mul', [weight.gradient, clipped.factor]) : weight.gradient;
    const gradient = decays ? drawn(graph, parameter, short, l1, l2) : short;
    const next = rule.add({ graph, parameter, gradient, states, rate, step, decays });
    return {
      ...weight,
      next: next.parameter,
      states: states.map((name, at) => ({ name, next: next.states[at] as string })),
    };
  });
  const inputs = parameters.flatMap(({ tensor, gradient, states }) => [
    tensor.name,
    gradient,
    ...states.map(({ name }) => name),
  ]);
  const outputs = parameters.flatMap(({ next, states }) => [next, ...states.map((state) => state.next)]);
  const given = [...inputs, rate, step].map((name) => graph.value(name));
  const results = [...outputs, ...(clipped ? [clipped.norm] : [])].map((name) => graph.value(name));
  const apply = builtModel(graph, given, results);
  return { apply, parameters, learningRate: rate, step, ...(clipped && { norm: clipped.norm }) };
}

/**
 * Adds to a gradient that of l1 Σ|p| + l2/2 Σp².
 *
 * Source: Goodfellow, Bengio and Courville, "Deep Learning", 2016, sections 7.1.1 and 7.1.2.
 */
function drawn(graph: GraphBuilder, parameter: string, gradient: string, l1: number, l2: number): string {
  let sum = gradient;
  const add = (value: string, factor: number) => {
    sum = graph.op('Add', [sum, graph.op('Mul', [value, graph.number(factor, parameter)])]);
  };
  if (l2 !== 0) add(parameter, l2);
  if (l1 !== 0) add(graph.op('Sign', [parameter]), l1);
  return sum;
}
