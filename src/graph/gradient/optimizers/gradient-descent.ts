import type { GradientDescent } from './optimizer.ts';
import type { UpdateRule } from './update-rule.ts';

/**
 * Gradient descent: p ← p − rate · g. With momentum μ, v ← μv + g and p ← p − rate · v; with Nesterov's, p ← p − rate ·
 * (g + μv).
 *
 * Source: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, section 2, in
 * the form of torch.optim.SGD, where the rate is no part of v.
 */
export function gradientDescent({ momentum = 0, nesterov = false }: Omit<GradientDescent, 'kind'>): UpdateRule {
  return {
    states: momentum === 0 ? [] : ['momentum'],
    decays: false,
    add({ graph, parameter, gradient, states: [velocity], rate }) {
      const along = (direction: string) =>
        graph.op('Sub', [parameter, graph.op('Mul', [direction, graph.inTypeOf(rate, parameter)])]);
      if (velocity === undefined) return { parameter: along(gradient), states: [] };
      const share = graph.number(momentum, parameter);
      const next = graph.op('Add', [graph.op('Mul', [velocity, share]), gradient]);
      const ahead = nesterov ? graph.op('Add', [gradient, graph.op('Mul', [next, share])]) : next;
      return { parameter: along(ahead), states: [next] };
    },
  };
}
