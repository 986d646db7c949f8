import type { GraphBuilder } from './graph-builder.ts';

/** As torch.nn.utils.clip_grad_norm_ has it, so that nothing is divided by 0. */
const leastNorm = 1e-6;

/**
 * What gradients of the length ‖g‖ are multiplied by so that it is at most `most`: min(1, most / ‖g‖).
 *
 * Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
 */
export function clipFactor(graph: GraphBuilder, norm: string, most: number): string {
  const share = graph.op('Div', [graph.number(most, norm), graph.op('Add', [norm, graph.number(leastNorm, norm)])]);
  return graph.op('Min', [share, graph.number(1, norm)]);
}
