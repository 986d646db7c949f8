import { dataTypes } from '../data-types.ts';
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
  const wide = widened(graph, gradient);
  const [at, values] = [places, wide].map((value) => graph.op('Reshape', [value, all])) as [string, string];
  const flat = graph.op('ScatterElements', [graph.zeros(size, wide), at, values], { axis: 0, reduction });
  return graph.inTypeOf(graph.op('Reshape', [flat, graph.shape(x)]), gradient);
}

/** Adds up the rows of a gradient at their places in `x`, along its first axis. */
export function scatterRows(graph: GraphBuilder, gradient: string, places: string, x: string): string {
  const at = graph.op('Unsqueeze', [places, graph.wholes([-1])]);
  const wide = widened(graph, gradient);
  const zeros = graph.zeros(graph.shape(x), wide);
  return graph.inTypeOf(graph.op('ScatterND', [zeros, at, wide], { reduction: 'add' }), gradient);
}

/** The runtime adds up at places in no floats of 16 bits. */
function widened(graph: GraphBuilder, gradient: string): string {
  const { dataType } = graph.type(gradient);
  const isNarrow = dataType === dataTypes.FLOAT16 || dataType === dataTypes.BFLOAT16;
  return isNarrow ? graph.op('Cast', [gradient], { to: dataTypes.FLOAT }) : gradient;
}
