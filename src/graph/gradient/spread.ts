import type { GraphBuilder } from './graph-builder.ts';
import type { Window } from './window.ts';

/**
 * Takes gradients of what slid over `x` back to the places of `x`: a ConvTranspose of `gradient` by `weight`.
 *
 * Where a window does not end where `x` does, what is left over has no part in the result. How much that is, is an
 * attribute: where sizes are free and strides wide, all is made without padding, and cut or filled to the size that the
 * run finds.
 */
export function spread(
  graph: GraphBuilder,
  gradient: string,
  weight: string,
  x: string,
  { strides, dilations, padsBefore, padsAfter, kernel }: Window,
  group = 1,
): string {
  const left = kernel.map((size, axis) => {
    const [from, to, stride = 1] = [graph.size(x, axis + 2), graph.size(gradient, axis + 2), strides[axis]];
    if (stride === 1) return 0;
    if (typeof from !== 'number' || typeof to !== 'number') return undefined;
    const reached = (to - 1) * stride + (size - 1) * (dilations[axis] ?? 1) + 1;
    return from + (padsBefore[axis] ?? 0) + (padsAfter[axis] ?? 0) - reached;
  });
  const plain = { strides, dilations, group };
  if (left.every((size) => size !== undefined)) {
    const sized = { ...plain, pads: [...padsBefore, ...padsAfter], output_padding: left };
    return graph.op('ConvTranspose', [gradient, weight], sized);
  }
  const whole = graph.op('ConvTranspose', [gradient, weight], plain);
  const sizes = [x, whole].map((value) => graph.op('Shape', [value], { start: 2 }));
  const before = graph.wholes(padsBefore);
  const after = graph.op('Add', [graph.op('Sub', sizes), before]);
  const none = graph.wholes([0, 0]);
  const pads = graph.op('Concat', [none, graph.op('Neg', [before]), none, after], { axis: 0 });
  return graph.op('Pad', [whole, pads, graph.number(0, gradient)]);
}
