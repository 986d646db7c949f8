import type { GraphBuilder } from '../graph-builder.ts';
import type { AddedLoss } from './added-loss.ts';

/**
 * The mean of −t log σ(z) − (1 − t) log(1 − σ(z)) over all elements, of logits z, as max(z, 0) − zt + log(1 +
 * exp(−|z|)), which stays finite. Its gradient is (σ(z) − t) / n.
 *
 * Source: Bishop, "Pattern Recognition and Machine Learning", 2006, equations 4.90 and 4.91;
 * torch.nn.BCEWithLogitsLoss.
 */
export function binaryCrossEntropy(graph: GraphBuilder, prediction: string, target: string): AddedLoss {
  const count = graph.inTypeOf(graph.op('Size', [prediction]), prediction);
  const falling = graph.op('Exp', [graph.op('Neg', [graph.op('Abs', [prediction])])]);
  const rest = graph.op('Log', [graph.op('Add', [falling, graph.number(1, prediction)])]);
  const product = graph.op('Mul', [prediction, target]);
  const each = graph.op('Add', [graph.op('Sub', [graph.op('Relu', [prediction]), product]), rest]);
  const difference = graph.op('Sub', [graph.op('Sigmoid', [prediction]), target]);
  return {
    loss: graph.op('Div', [graph.op('ReduceSum', [each], { keepdims: 0 }), count]),
    gradient: graph.op('Div', [difference, count]),
  };
}
