import type { GraphBuilder } from './graph-builder.ts';
import type { WayBack } from './way-back.ts';

/**
 * Adds to a graph what gives the gradients of a loss by the values that are wanted, and gives their names; those that it
 * does not depend on have none. `seed` is the gradient of the loss by the value where the way back begins.
 *
 * Reverse-mode differentiation: from the last node to the first, each passes on to its inputs what came to its outputs.
 * Only nodes on the way are gone back through.
 *
 * Source: Baydin et al., "Automatic Differentiation in Machine Learning: a Survey", 2018, section 3.2.
 */
export function backPropagate(
  graph: GraphBuilder,
  { wanted, end, nodes }: WayBack,
  seed: string,
): ReadonlyMap<string, string> {
  const arrived = new Map([[end, [seed]]]);
  const total = (value: string) => {
    const parts = arrived.get(value) ?? [];
    if (parts.length > 1) arrived.set(value, [graph.op('Sum', parts)]);
    return arrived.get(value)?.[0];
  };
  for (const { node, rule, needs } of nodes.toReversed()) {
    const { inputs, outputs } = node;
    const gradients = outputs.map(total);
    const [gradient = ''] = gradients;
    const results = rule.backward({ graph, node, inputs, gradients, gradient, needs });
    for (const [at, result] of results.entries()) {
      const input = inputs[at];
      if (!result || !input || !needs(at)) continue;
      graph.liken(result, input);
      arrived.set(input, [...(arrived.get(input) ?? []), result]);
    }
  }
  const found = wanted.map((value) => [value, total(value)] as const);
  return new Map(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
