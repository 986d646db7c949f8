import type { GraphBuilder } from '../graph-builder.ts';
import type { Adam, AdamW } from './optimizer.ts';
import type { UpdateRule } from './update-rule.ts';

/**
 * Adam: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², and p ← p − rate · m̂ / (√v̂ + ε) of m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ).
 * AdamW takes rate · decay · p off a weight besides. With r = √(1 − β₂ᵗ), what is taken off is rate · r / (1 − β₁ᵗ) · m / (√v + ε · r).
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1; Loshchilov and Hutter, "Decoupled Weight Decay
 * Regularization", 2019, algorithm 2, with the rate as a factor of the decay, as torch.optim.AdamW.
 */
export function adam(options: Omit<Adam, 'kind'> | Omit<AdamW, 'kind'>): UpdateRule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const weightDecay = 'weightDecay' in options ? options.weightDecay : 0;
  return {
    states: ['mean', 'square'],
    add({ graph, parameter, gradient, states: [mean = '', square = ''], rate, step, decays }) {
      const scaled = (value: string, factor: number) => graph.op('Mul', [value, graph.number(factor, parameter)]);
      const nextMean = graph.op('Add', [scaled(mean, beta1), scaled(gradient, 1 - beta1)]);
      const squared = graph.op('Mul', [gradient, gradient]);
      const nextSquare = graph.op('Add', [scaled(square, beta2), scaled(squared, 1 - beta2)]);
      // Both scalars are worked out in DOUBLE: so a pass over the parameter is saved.
      const spread = graph.once('adam spread', () => graph.op('Sqrt', [missing(graph, beta2, step)]));
      const scalar = (word: string, make: () => string) =>
        graph.once(`adam ${word} ${graph.type(parameter).dataType}`, () => graph.inTypeOf(make(), parameter));
      const size = scalar('size', () =>
        graph.op('Mul', [graph.op('Div', [rate, missing(graph, beta1, step)]), spread]),
      );
      const least = scalar('least', () => graph.op('Mul', [spread, graph.number(epsilon, spread)]));
      const direction = graph.op('Div', [nextMean, graph.op('Add', [graph.op('Sqrt', [nextSquare]), least])]);
      const kept = weightDecay && decays ? decayed(graph, parameter, rate, weightDecay) : parameter;
      const next = graph.op('Sub', [kept, graph.op('Mul', [direction, size])]);
      return { parameter: next, states: [nextMean, nextSquare] };
    },
  };
}

/** 1 − βᵗ: in DOUBLE, as of FLOAT no more than four digits would be left at the first steps. */
function missing(graph: GraphBuilder, beta: number, step: string): string {
  return graph.op('Sub', [graph.number(1, step), graph.op('Pow', [graph.number(beta, step), step])]);
}

function decayed(graph: GraphBuilder, parameter: string, rate: string, share: number): string {
  const left = graph.once(`decay ${graph.type(parameter).dataType}`, () => {
    const gone = graph.op('Mul', [rate, graph.number(share, rate)]);
    return graph.inTypeOf(graph.op('Sub', [graph.number(1, rate), gone]), parameter);
  });
  return graph.op('Mul', [parameter, left]);
}
