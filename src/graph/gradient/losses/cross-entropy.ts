import type { GraphBuilder } from '../graph-builder.ts';
import { NoGradientError } from '../no-gradient-error.ts';
import type { AddedLoss } from './added-loss.ts';
import type { CrossEntropy } from './loss.ts';

/**
 * Cross-entropy of logits, whose last axis is that of the classes, and labels, which are numbers of classes from 0.
 *
 * Of T = w · ((1 − ε) · one-hot + ε / classes), with the smoothing ε and class weights w, it is −ΣT log softmax(z) / Σw
 * of the labels, and its gradient (softmax(z) · ΣT − T) / Σw. Where no label of a batch counts, both are 0.
 *
 * Source: Bishop, "Pattern Recognition and Machine Learning", 2006, equations 4.108 and 4.109; smoothing: Szegedy et
 * al., "Rethinking the Inception Architecture", 2016, section 7; weights as torch.nn.CrossEntropyLoss.
 */
export function crossEntropy(
  graph: GraphBuilder,
  prediction: string,
  target: string,
  { labelSmoothing = 0, classWeights }: Omit<CrossEntropy, 'kind'>,
): AddedLoss {
  const classes = graph.size(prediction, -1);
  if (typeof classes !== 'number')
    throw new NoGradientError(
      `expected logits '${prediction}' of a known number of classes, got a free last dimension`,
    );
  if (classWeights && classWeights.length !== classes)
    throw new NoGradientError(`expected a weight for each of ${classes} classes, got ${classWeights.length}`);
  if (classWeights && !classWeights.some((weight) => weight > 0))
    throw new NoGradientError('expected a weight above 0 for one class at least, as nothing counts else, got none');
  const isFlat = graph.rank(prediction) === 2;
  const logits = isFlat ? prediction : graph.op('Reshape', [prediction, graph.wholes([-1, classes])]);
  const labels = graph.op('Reshape', [target, graph.wholes([-1, 1])]);
  const numbers = graph.wholes(Array.from({ length: classes }, (_item, at) => at));
  const hot = graph.inTypeOf(graph.op('Equal', [labels, numbers]), prediction);
  const weights = classWeights && graph.numbers(classWeights, prediction);
  const wanted = weighed(graph, smooth(graph, hot, labelSmoothing, classes), weights);
  const total = weights
    ? nothingForZero(graph, graph.op('ReduceSum', [graph.op('Mul', [hot, weights])], { keepdims: 0 }))
    : graph.inTypeOf(graph.op('Size', [target]), prediction);
  const logarithms = graph.op('LogSoftmax', [logits], { axis: -1 });
  const sum = graph.op('ReduceSum', [graph.op('Mul', [wanted, logarithms])], { keepdims: 0 });
  const share = graph.op('Exp', [logarithms]);
  const scaled = weights
    ? graph.op('Mul', [share, graph.op('ReduceSum', [wanted, graph.wholes([-1])], { keepdims: 1 })])
    : share;
  const gradient = graph.op('Div', [graph.op('Sub', [scaled, wanted]), total]);
  return {
    loss: graph.op('Neg', [graph.op('Div', [sum, total])]),
    gradient: isFlat ? gradient : graph.op('Reshape', [gradient, graph.shape(prediction)]),
  };
}

function smooth(graph: GraphBuilder, hot: string, share: number, classes: number): string {
  if (share === 0) return hot;
  const kept = graph.op('Mul', [hot, graph.number(1 - share, hot)]);
  return graph.op('Add', [kept, graph.number(share / classes, hot)]);
}

/** What anything is nothing of, in place of 0. */
function nothingForZero(graph: GraphBuilder, total: string): string {
  const isZero = graph.op('Equal', [total, graph.number(0, total)]);
  return graph.op('Where', [isZero, graph.number(Number.POSITIVE_INFINITY, total), total]);
}

function weighed(graph: GraphBuilder, wanted: string, weights: string | undefined): string {
  return weights ? graph.op('Mul', [wanted, weights]) : wanted;
}
