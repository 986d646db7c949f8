import type { GraphBuilder } from './graph-builder.ts';
import type { Dimension } from './value-type.ts';

/**
 * Brings a gradient back to the shape of `value`, which was broadcast to that of `gradient`: sums over the axes along
 * which it was repeated. Where sizes do not tell which these are, the run finds out.
 */
export function unbroadcast(graph: GraphBuilder, gradient: string, value: string): string {
  const from = graph.type(gradient).shape;
  const to = graph.type(value).shape;
  const axes = from && to && repeatedAxes(from, to);
  if (!axes) return unbroadcastAtRun(graph, gradient, value);
  if (axes.length === 0) return gradient;
  const added = from.length - to.length;
  if (axes.length === added) return graph.op('ReduceSum', [gradient, graph.wholes(axes)], { keepdims: 0 });
  const sum = graph.op('ReduceSum', [gradient, graph.wholes(axes)], { keepdims: 1 });
  return added === 0 ? sum : graph.op('Reshape', [sum, graph.shape(value)]);
}

/** Undefined where it takes the sizes of the run to tell. */
function repeatedAxes(from: readonly Dimension[], to: readonly Dimension[]): readonly number[] | undefined {
  const added = from.length - to.length;
  const axes: number[] = [];
  for (const [axis, size] of from.entries()) {
    const own = axis < added ? 1 : to[axis - added];
    // A sum over an axis of size 1 does no harm, but of an axis that was added it is a must.
    if (axis < added || (own === 1 && size !== 1)) axes.push(axis);
    else if (own === undefined || (typeof own === 'string' && own !== size)) return undefined;
  }
  return axes;
}

function unbroadcastAtRun(graph: GraphBuilder, gradient: string, value: string): string {
  const from = graph.shape(gradient);
  const to = graph.shape(value);
  const ranks = [from, to].map((shape) => graph.op('Shape', [shape]));
  const added = graph.op('Sub', ranks);
  const ones = graph.op('Expand', [graph.wholes([1]), added]);
  const padded = graph.op('Concat', [ones, to], { axis: 0 });
  const differs = graph.op('Not', [graph.op('Equal', [padded, from])]);
  const axes = graph.op('Reshape', [graph.op('NonZero', [differs]), graph.wholes([-1])]);
  const sum = graph.op('ReduceSum', [gradient, axes], { keepdims: 1, noop_with_empty_axes: 1 });
  return graph.op('Reshape', [sum, to]);
}
