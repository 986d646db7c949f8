import type { StepRule } from '../../ports/training-plan.ts';
import { dataTypes } from '../data-types.ts';
import { Names } from '../names.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { builtModel } from './built-model.ts';
import { clipFactor } from './clip-factor.ts';
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

/** A step as a model: of each element by itself, so that it takes any number of them, of one parameter or of many. */
export interface ApplyGraph extends StepRule {
  /** Elements, their gradients and states → what takes their places. May write over the old ones. */
  readonly model: OnnxModel;
}

/**
 * The graph that takes a step of parameters of a type. Clipping is of the gradients alone; then what draws weights to 0
 * is added to them, as torch's optimizers do.
 */
export function applyGraph(dataType: number, { optimizer, l1 = 0, l2 = 0, clipNorm }: ApplyOptions): ApplyGraph {
  const names = new Names();
  const graph = new GraphBuilder(names);
  const inputs: string[] = [];
  const input = (word: string, type: number, shape: readonly string[]) => {
    const name = names.fresh(word);
    graph.declare(name, { dataType: type, shape });
    inputs.push(name);
    return name;
  };
  const list = (word: string) => input(word, dataType, ['elements']);
  const scalar = (word: string) => input(word, dataTypes.DOUBLE, []);
  const rule = updateRuleOf(optimizer);
  const [parameter, gradient, states] = [list('parameter'), list('gradient'), rule.states.map(list)];
  const [rate, step, decay] = [scalar('learningRate'), scalar('step'), scalar('decay')];
  const norm = clipNorm === undefined ? undefined : scalar('norm');
  const short =
    clipNorm === undefined || norm === undefined
      ? gradient
      : graph.op('Mul', [gradient, graph.inTypeOf(clipFactor(graph, norm, clipNorm), gradient)]);
  const drawn = (sum: string, value: () => string, share: number) =>
    share === 0 ? sum : graph.op('Add', [sum, graph.op('Mul', [value(), part(graph, decay, share, parameter)])]);
  // Of l1 Σ|p| + l2/2 Σp². Source: Goodfellow, Bengio and Courville, "Deep Learning", 2016, sections 7.1.1 and 7.1.2.
  const whole = drawn(
    drawn(short, () => parameter, l2),
    () => graph.op('Sign', [parameter]),
    l1,
  );
  const next = rule.add({ graph, parameter, gradient: whole, states, rate, step, decay });
  const outputs = [next.parameter, ...next.states];
  const [given, results] = [inputs, outputs].map((names) => names.map((name) => graph.value(name)));
  return {
    model: builtModel(graph, given ?? [], results ?? []),
    datatype: dataType === dataTypes.DOUBLE ? 'FP64' : 'FP32',
    parameter,
    gradient,
    next: next.parameter,
    states: states.map((name, at) => ({ name, next: next.states[at] as string })),
    learningRate: rate,
    step,
    decay,
    ...(norm !== undefined && { norm }),
  };
}

/** A number where elements are drawn to 0, else 0. */
function part(graph: GraphBuilder, decay: string, share: number, like: string): string {
  return graph.inTypeOf(graph.op('Mul', [decay, graph.number(share, decay)]), like);
}
