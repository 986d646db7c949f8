import type { GraphBuilder } from '../graph-builder.ts';
import type { AddedLoss } from './added-loss.ts';

/** Below it, a length counts as it: as torch.nn.functional.cosine_similarity. */
const leastLength = 1e-8;

/**
 * The mean of 1 − cos over all rows, of vectors along the last axis. By the prediction p, of the directions p̂ and t̂,
 * its gradient is (cos · p̂ − t̂) / |p| / rows.
 *
 * Source: Reimers and Gurevych, "Sentence-BERT", 2019, section 3, for the similarity; torch.nn.CosineEmbeddingLoss for
 * pairs that belong together.
 */
export function cosineDistance(graph: GraphBuilder, prediction: string, target: string): AddedLoss {
  const last = graph.wholes([-1]);
  const length = (vectors: string) => {
    const root = graph.op('Sqrt', [graph.op('ReduceSumSquare', [vectors, last], { keepdims: 1 })]);
    return graph.op('Max', [root, graph.number(leastLength, vectors)]);
  };
  const size = length(prediction);
  const [said, wanted] = [graph.op('Div', [prediction, size]), graph.op('Div', [target, length(target)])];
  const cosine = graph.op('ReduceSum', [graph.op('Mul', [said, wanted]), last], { keepdims: 1 });
  const rows = graph.inTypeOf(graph.op('Size', [cosine]), prediction);
  const distance = graph.op('Sub', [graph.number(1, prediction), cosine]);
  const difference = graph.op('Sub', [graph.op('Mul', [cosine, said]), wanted]);
  return {
    loss: graph.op('Div', [graph.op('ReduceSum', [distance], { keepdims: 0 }), rows]),
    gradient: graph.op('Div', [difference, graph.op('Mul', [size, rows])]),
  };
}
