import type { GraphBuilder } from './graph-builder.ts';

/**
 * Takes the elements of a gradient to their places in `x`, which are counted through all of its axes; all others are 0.
 * Where several have the same place, they are added up.
 */
export function scatter(
  graph: GraphBuilder,
  gradient: string,
  places: string,
  x: string,
  reduction: 'none' | 'add',
): string {
  const all = graph.wholes([-1]);
  const size = graph.op('Reshape', [graph.op('Size', [x]), all]);
  const [at, values] = [places, gradient].map((value) => graph.op('Reshape', [value, all])) as [string, string];
  const flat = graph.op('ScatterElements', [graph.zeros(size, gradient), at, values], { axis: 0, reduction });
  return graph.op('Reshape', [flat, graph.shape(x)]);
}
