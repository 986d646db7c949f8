import type { GraphBuilder } from './graph-builder.ts';

/** As torch.nn.utils.clip_grad_norm_ has it, so that nothing is divided by 0. */
const leastNorm = 1e-6;

/**
 * The length ‖g‖ of all gradients together, and what they are multiplied by so that it is at most `most`: min(1, most / ‖g‖).
 *
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
 */
export function clipFactor(
  graph: GraphBuilder,
  gradients: readonly string[],
  most: number,
): { norm: string; factor: string } {
  const squares = gradients.map((gradient) => graph.op('ReduceSumSquare', [gradient], { keepdims: 0 }));
  const norm = graph.op('Sqrt', [graph.op('Sum', squares)]);
  const share = graph.op('Div', [graph.number(most, norm), graph.op('Add', [norm, graph.number(leastNorm, norm)])]);
  return { norm, factor: graph.op('Min', [share, graph.number(1, norm)]) };
}
