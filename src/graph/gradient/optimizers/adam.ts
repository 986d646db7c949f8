import type { GraphBuilder } from '../graph-builder.ts';
import type { Adam, AdamW } from './optimizer.ts';
import type { UpdateRule } from './update-rule.ts';

/**
 * Adam: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², and p ← p − rate · m̂ / (√v̂ + ε) of m̂ = m / (1 − β₁ᵗ) and v̂ = v /
 * (1 − β₂ᵗ). AdamW takes rate · decay · p off a weight besides.
 *
 * What is kept are the sums M = m / (1 − β₁) and V = v / (1 − β₂), which saves two passes: M ← β₁M + g, V ← β₂V + g².
 * With r = √((1 − β₂ᵗ) / (1 − β₂)), what is taken off is rate · (1 − β₁) / (1 − β₁ᵗ) · r · M / (√V + ε · r).
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1; Loshchilov and Hutter,
 * "Decoupled Weight Decay Regularization", 2019, algorithm 2, with the rate as a factor of the decay, as
 * torch.optim.AdamW.
 */
export function adam(options: Omit<Adam, 'kind'> | Omit<AdamW, 'kind'>): UpdateRule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const weightDecay = 'weightDecay' in options ? options.weightDecay : 0;
  return {
    states: ['sum', 'squares'],
    decays: weightDecay !== 0,
    add({ graph, parameter, gradient, states: [sum = '', squares = ''], rate, step, decay }) {
      const kept = (value: string, beta: number) => graph.op('Mul', [value, graph.number(beta, parameter)]);
      const nextSum = graph.op('Add', [kept(sum, beta1), gradient]);
      const nextSquares = graph.op('Add', [kept(squares, beta2), graph.op('Mul', [gradient, gradient])]);
      // Scalars are worked out in DOUBLE: so another pass is saved.
      const spread = graph.op('Sqrt', [share(graph, beta2, step)]);
      const size = graph.op('Mul', [graph.op('Div', [rate, share(graph, beta1, step)]), spread]);
      const least = graph.op('Mul', [spread, graph.number(epsilon, spread)]);
      const root = graph.op('Sqrt', [nextSquares]);
      const direction = graph.op('Div', [nextSum, graph.op('Add', [root, graph.inTypeOf(least, parameter)])]);
      const left = weightDecay === 0 ? parameter : decayed(graph, parameter, [rate, decay], weightDecay);
      const next = graph.op('Sub', [left, graph.op('Mul', [direction, graph.inTypeOf(size, parameter)])]);
      return { parameter: next, states: [nextSum, nextSquares] };
    },
  };
}

/** (1 − βᵗ) / (1 − β): in DOUBLE, as of FLOAT no more than four digits would be left at the first steps. */
function share(graph: GraphBuilder, beta: number, step: string): string {
  const missing = graph.op('Sub', [graph.number(1, step), graph.op('Pow', [graph.number(beta, step), step])]);
  return graph.op('Div', [missing, graph.number(1 - beta, step)]);
}

/** @param factors scalars of DOUBLE that the share is multiplied by */
function decayed(graph: GraphBuilder, parameter: string, factors: readonly [string, string], share: number): string {
  const gone = graph.op('Mul', [graph.op('Mul', factors), graph.number(share, factors[0])]);
  const left = graph.op('Sub', [graph.number(1, gone), gone]);
  return graph.op('Mul', [parameter, graph.inTypeOf(left, parameter)]);
}
