import { countElements } from '../../protocol/count-elements.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** How many elements of `y` there are for one of `x`. */
export function shareOf(graph: GraphBuilder, x: string, y: string): string {
  const [from, to] = [x, y].map((value) => graph.type(value).shape);
  const count = (shape: readonly unknown[] | undefined) =>
    shape?.every((size) => typeof size === 'number') ? countElements(shape as number[]) : undefined;
  const [inputs, outputs] = [count(from), count(to)];
  if (inputs && outputs !== undefined) return graph.number(outputs / inputs, y);
  const [sizeOfY, sizeOfX] = [y, x].map((value) => graph.inTypeOf(graph.op('Size', [value]), y));
  return graph.op('Div', [sizeOfY as string, sizeOfX as string]);
}
