import { countElements } from '../../protocol/count-elements.ts';
import { dataTypes } from '../data-types.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** How many elements of `y` there are for one of `x`. */
export function shareOf(graph: GraphBuilder, x: string, y: string): string {
  const [from, to] = [x, y].map((value) => graph.type(value).shape);
  const count = (shape: readonly unknown[] | undefined) =>
    shape?.every((size) => typeof size === 'number') ? countElements(shape as number[]) : undefined;
  const [inputs, outputs] = [count(from), count(to)];
  if (inputs && outputs !== undefined) return graph.number(outputs / inputs, y);
  // FP16 ends at 65,504, and many have more elements.
  const sizes = [y, x].map((value) => graph.op('Cast', [graph.op('Size', [value])], { to: dataTypes.DOUBLE }));
  return graph.inTypeOf(graph.op('Div', sizes), y);
}
