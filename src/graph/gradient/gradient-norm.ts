import { dataTypes } from '../data-types.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** The length ‖g‖ of all gradients together, a scalar of DOUBLE: they may be of several types. */
export function gradientNorm(graph: GraphBuilder, gradients: readonly string[]): string {
  const squares = gradients.map((gradient) =>
    graph.op('Cast', [graph.op('ReduceSumSquare', [gradient], { keepdims: 0 })], { to: dataTypes.DOUBLE }),
  );
  return graph.op('Sqrt', [graph.op('Sum', squares)]);
}
