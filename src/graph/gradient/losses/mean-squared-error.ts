import type { GraphBuilder } from '../graph-builder.ts';
import type { AddedLoss } from './added-loss.ts';

/**
 * The mean of (prediction − target)² over all elements.
 *
 * Source: Bishop, "Pattern Recognition and Machine Learning", 2006, equation 1.2, as the mean; torch.nn.MSELoss.
 */
export function meanSquaredError(graph: GraphBuilder, prediction: string, target: string): AddedLoss {
  const difference = graph.op('Sub', [prediction, target]);
  const count = graph.inTypeOf(graph.op('Size', [prediction]), prediction);
  const sum = graph.op('ReduceSumSquare', [difference], { keepdims: 0 });
  return {
    loss: graph.op('Div', [sum, count]),
    gradient: graph.op('Mul', [difference, graph.op('Div', [graph.number(2, prediction), count])]),
  };
}
