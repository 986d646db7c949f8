import { dataTypes } from '../data-types.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { backPropagate } from './back-propagate.ts';
import { builtModel } from './built-model.ts';
import { chosenOutput } from './chosen-output.ts';
import { type ForwardGraph, forwardGraph } from './forward-graph.ts';
import { gradientNorm } from './gradient-norm.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { isFloat } from './is-float.ts';
import { addLoss } from './losses/add-loss.ts';
import type { Loss } from './losses/loss.ts';
import { nodesTo } from './nodes-to.ts';
import { quantizedByRows, withoutWeights } from './untrainable.ts';
import type { ValueType } from './value-type.ts';
import { type WayBack, wayBack } from './way-back.ts';
import { wholeGelus } from './whole-gelus.ts';

/** A weight, and the output that is the gradient of the loss by it. */
export interface DifferentiatedWeight {
  readonly tensor: OnnxTensor;
  readonly gradient: string;
}

export interface GradientGraph {
  readonly model: OnnxModel;
  /** What gives the loss and the prediction alone, of the same inputs. */
  readonly evaluation: OnnxModel;
  readonly parameters: readonly DifferentiatedWeight[];
  readonly frozen: readonly OnnxTensor[];
  readonly loss: string;
  readonly prediction: string;
  readonly target: string;
  /** The length of all gradients together, where it was asked for: a scalar of DOUBLE. */
  readonly norm?: string;
}

export interface GradientOptions {
  /** The value of the model that is compared with the target. @default its one output of floats */
  readonly output?: string;
  readonly loss: Loss;
  /** Which weights stay as they are. @default none */
  readonly isFrozen?: (name: string) => boolean;
  /** Whether it tells the length of all gradients together. @default false */
  readonly hasNorm?: boolean;
  /**
   * Whether it is for one thread of a processor: long ways of one element at a time go row by row then, which stay in
   * its cache. @default false
   */
  readonly goesByRows?: boolean;
}

/**
 * Throws a NoGradientError where a model has no weights that could learn by one of its values, or no gradient comes to
 * those that are not frozen: all that can be told of that before there are rows, and a loss.
 */
export function checkGradients(model: OnnxModel, output: string, isFrozen: (name: string) => boolean): void {
  const mixing = quantizedByRows(nodesTo([output], model.graph.nodes).nodes);
  if (mixing) throw mixing;
  forwardPart(wholeGelus(model), output, { isFrozen });
}

/** What of a model gives a value, which of its weights learn, and the way back to these. */
function forwardPart(
  model: OnnxModel,
  prediction: string,
  { isFrozen, goesByRows }: Pick<GradientOptions, 'isFrozen' | 'goesByRows'>,
): ForwardGraph & { readonly trained: readonly OnnxTensor[]; readonly way: WayBack } {
  const statistics = new Set(model.graph.nodes.flatMap(statisticsOf));
  const isTrained = ({ name, dataType, shape }: OnnxTensor) =>
    isFloat(dataType) &&
    shape.length > 0 &&
    model.graph.initializers.has(name) &&
    !statistics.has(name) &&
    !isFrozen?.(name);
  // Other small tensors are constants, by which the runtime makes its plans.
  const isWeight = (tensor: OnnxTensor) => isTrained(tensor) || (isFloat(tensor.dataType) && !tensor.data.held);
  const forward = forwardGraph(model, prediction, isWeight, goesByRows);
  const trained = forward.weights.filter(isTrained);
  const way = wayBack(
    forward.graph,
    prediction,
    trained.map(({ name }) => name),
  );
  if (way.nodes.length === 0) throw withoutWeights(prediction, forward.graph.nodes);
  return { ...forward, trained, way };
}

/** The graph that gives a loss and its gradients by all weights that are not frozen. */
export function gradientGraph(given: OnnxModel, options: GradientOptions): GradientGraph {
  const model = wholeGelus(given);
  const { output, loss: kind, hasNorm = false } = options;
  const prediction = chosenOutput(model.graph, kind.kind, output);
  const { graph, inputs, weights, trained, way } = forwardPart(model, prediction, options);
  const target = graph.name('target');
  graph.declare(target, targetType(graph, kind, prediction));
  const { loss, gradient } = addLoss(graph, kind, prediction, target);
  const forward = partTo([loss, prediction], graph);
  const gradients = backPropagate(graph, way, gradient);
  const outputs = new Set([loss, prediction]);
  const parameters = trained.flatMap((tensor) => {
    const found = gradients.get(tensor.name);
    if (found === undefined) return [];
    // Two weights can have the same gradient, as those of a sum, but a graph gives each output once.
    const own = outputs.has(found) ? graph.op('Identity', [found]) : found;
    outputs.add(own);
    return [{ tensor, gradient: own }];
  });
  if (parameters.length === 0) throw withoutWeights(prediction, graph.nodes);
  const frozen = weights.filter(({ name }) => !gradients.has(name));
  const taken = [...inputs, ...[target, ...weights.map(({ name }) => name)].map((name) => graph.value(name))];
  const norm = hasNorm
    ? gradientNorm(
        graph,
        parameters.map((each) => each.gradient),
      )
    : undefined;
  const told = norm === undefined ? {} : { norm };
  const built = (part: typeof forward, names: Iterable<string>) => {
    const results = Array.from(names, (name) => graph.value(name));
    return builtModel(part, taken, results, model);
  };
  return {
    model: built(graph, [...outputs, ...Object.values(told)]),
    evaluation: built(forward, [loss, prediction]),
    parameters,
    frozen,
    loss,
    prediction,
    target,
    ...told,
  };
}

/** What there is so far of a graph that it takes to give some values. */
function partTo(wanted: readonly string[], graph: GraphBuilder): Pick<GraphBuilder, 'nodes' | 'initializers'> {
  const { nodes, names } = nodesTo(wanted, graph.nodes);
  return {
    nodes: [...nodes],
    initializers: new Map(Array.from(graph.initializers).filter(([name]) => names.has(name))),
  };
}

/** What was counted in an earlier training, and no gradient changes: means and variances. */
function statisticsOf({ opType, inputs }: OnnxNode): readonly string[] {
  return opType === 'BatchNormalization' ? inputs.slice(3) : [];
}

/** Labels are one for each row, without the axis of the classes; other targets are as predictions are. */
function targetType(graph: GraphBuilder, { kind }: Loss, prediction: string): ValueType {
  const { dataType, shape } = graph.type(prediction);
  return kind === 'cross-entropy' ? { dataType: dataTypes.INT64, shape: shape?.slice(0, -1) } : { dataType, shape };
}
