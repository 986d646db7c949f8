import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode } from '../onnx-model.ts';
import { backPropagate } from './back-propagate.ts';
import { builtModel } from './built-model.ts';
import { chosenOutput } from './chosen-output.ts';
import { forwardGraph } from './forward-graph.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { NoGradientError } from './no-gradient-error.ts';
import { plainScalers } from './plain-scalers.ts';
import { wayBack } from './way-back.ts';

export interface InputGradientOptions {
  /**
   * The output with the scores; what is before a Softmax or Sigmoid at its end is taken. @default its one output of
   * floats
   */
  readonly output: string | undefined;
  /** The input, or value within the graph, that scores are differentiated by. */
  readonly by: string;
  /**
   * Whether the value is multiplied, row by row, by an input: so a path from nothing to a value within the graph is
   * walked.
   */
  readonly isScaled: boolean;
  /**
   * Whether scores of several rows for an item, [batch, tokens, width], are as many as a row has, each the mean over the
   * rows; else all of them are scores, row after row.
   */
  readonly isMeanOfRows: boolean;
}

/** A model that gives one score of each row, and its gradient. Weights stay in it. */
export interface InputGradientGraph {
  readonly model: OnnxModel;
  /** The value that has the scores. */
  readonly scores: string;
  /**
   * Outputs: the score of each row; its gradient; what it is the gradient by, before it is multiplied, where that is no
   * input.
   */
  readonly score: string;
  readonly gradient: string;
  readonly value: string | undefined;
  /** Inputs: which score, as a list of one whole number; a factor for each row. */
  readonly target: string;
  readonly scale: string | undefined;
}

/**
 * From a model to the graph that gives the gradient of one of its scores by an input or another value. Throws a
 * NoGradientError where an operator on the way has no rule. Nothing is run.
 */
export function inputGradientGraph(
  model: OnnxModel,
  { output, by, isScaled, isMeanOfRows }: InputGradientOptions,
): InputGradientGraph {
  const scores = chosenOutput(model.graph, 'binary-cross-entropy', chosenOutput(model.graph, 'cross-entropy', output));
  const plain = plainScalers(model);
  const scaled = isScaled ? withScale(plain, by) : { model: plain, by, scale: undefined };
  const { graph, inputs } = forwardGraph(scaled.model, scores, () => false);
  const isInput = inputs.some(({ name }) => name === by);
  if (!isInput && !graph.nodes.some(({ outputs }) => outputs.includes(by)))
    throw new NoGradientError(`'${scores}' does not depend on a value '${by}'`);
  const { dataType } = graph.type(scaled.by);
  if (dataType !== undefined && dataType !== dataTypes.FLOAT)
    throw new NoGradientError(`expected '${by}' to hold floats of 32 bits, and it does not`);
  const target = graph.name('target');
  graph.declare(target, { dataType: dataTypes.INT64, shape: [1] });
  const { score, seed } = addScore(graph, scores, target, isMeanOfRows && graph.rank(scores) === 3);
  const gradient = backPropagate(graph, wayBack(graph, scores, [scaled.by]), seed).get(scaled.by);
  if (gradient === undefined) throw new NoGradientError(`'${scores}' does not depend on '${by}'`);
  const results = [score, gradient, ...(isInput ? [] : [by])].map((name) => graph.value(name));
  const given = [...inputs, graph.value(target)];
  return {
    model: builtModel(graph, given, results, model),
    scores,
    score,
    gradient,
    target,
    value: isInput ? undefined : by,
    scale: scaled.scale,
  };
}

/**
 * The score that `target` says, of each row, and the gradient of their sum by the scores: 1 in its place, or of several
 * rows of scores its part of their mean.
 */
function addScore(graph: GraphBuilder, scores: string, target: string, isOfRows: boolean) {
  const rows = isOfRows ? scores : graph.op('Reshape', [scores, graph.wholes([0, -1])]);
  const width = graph.op('Squeeze', [graph.op('Shape', [rows], { start: -1 })]);
  const places = graph.op('Range', [graph.whole(0), width, graph.whole(1)]);
  const hot = graph.inTypeOf(graph.op('Equal', [places, target]), scores);
  const whole = graph.op('Expand', [hot, graph.op('Shape', [rows])]);
  const count = isOfRows ? graph.inTypeOf(graph.op('Shape', [rows], { start: 1, end: 2 }), scores) : undefined;
  const share = count === undefined ? whole : graph.op('Div', [whole, count]);
  const axes = graph.wholes(isOfRows ? [1, 2] : [1]);
  const score = graph.op('ReduceSum', [graph.op('Mul', [rows, share]), axes], { keepdims: 0 });
  return { score, seed: isOfRows ? share : graph.op('Reshape', [share, graph.op('Shape', [scores])]) };
}

/** A model in which a value is multiplied by an input of a factor for each row before anything reads it. */
function withScale(model: OnnxModel, by: string) {
  const { graph } = model;
  const at = graph.nodes.findIndex(({ outputs }) => outputs.includes(by));
  if (at === -1) throw new NoGradientError(`there is no value '${by}' within the graph`);
  const names = new Names(model);
  const [scale, scaled] = [names.fresh('scale'), names.fresh(`${by}_scaled`)];
  const reads = (node: OnnxNode) => ({
    ...node,
    inputs: node.inputs.map((name) => (name === by ? scaled : name)),
  });
  const nodes = [
    ...graph.nodes.slice(0, at + 1),
    makeNode('Mul', [by, scale], [scaled], { name: scaled }),
    ...graph.nodes.slice(at + 1).map(reads),
  ];
  // Rows are as many as those of the other inputs: one name says so.
  const rows = graph.inputs.find(({ type }) => typeof type?.shape?.[0] === 'string')?.type?.shape?.[0];
  const input = { name: scale, type: { dataType: dataTypes.FLOAT, shape: [rows, 1, 1] } };
  return { model: { ...model, graph: { ...graph, nodes, inputs: [...graph.inputs, input] } }, by: scaled, scale };
}
