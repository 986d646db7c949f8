import { knownNumbers } from './known-numbers.ts';
import type { GraphNode } from './main-graph.ts';
import type { RowValue } from './row-value.ts';

/**
 * The axes that a node names, by its attribute `axes` or by an input, counted from the front of `rank` dimensions;
 * undefined where they are not known.
 */
export function nodeAxes(node: GraphNode, input: RowValue | undefined, rank: number): readonly number[] | undefined {
  const axes = input ? knownNumbers(input) : node.integers.get('axes');
  return axes?.map((axis) => (axis < 0 ? axis + rank : axis));
}
