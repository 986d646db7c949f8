import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { GradientRule, GradientRules } from './gradient-rule.ts';
import type { GraphBuilder, SizePart } from './graph-builder.ts';
import { spread } from './spread.ts';
import { type Window, windowOf } from './window.ts';

const convolution: GradientRule = {
  refuses: (node, graph) => {
    const window = windowOf(graph, node);
    return typeof window === 'string' ? window : undefined;
  },
  backward: ({ graph, node, inputs: [x = '', weight = '', bias = ''], gradient, needs }) => {
    const window = windowOf(graph, node) as Window;
    const group = attributeOf.whole(node, 'group') ?? 1;
    const axes = [0, ...window.kernel.map((_size, axis) => axis + 2)];
    return [
      needs(0) ? spread(graph, gradient, weight, x, window, group) : undefined,
      needs(1) ? byWeight(graph, node, gradient, window, group) : undefined,
      bias && needs(2) ? graph.op('ReduceSum', [gradient, graph.wholes(axes)], { keepdims: 0 }) : undefined,
    ];
  },
};

/**
 * A convolution of x by the gradient, where rows take the place of channels, and strides and dilations that of one another. Groups are
 * those of the channels, as before, each of all rows.
 */
function byWeight(
  graph: GraphBuilder,
  { inputs: [x = ''] }: OnnxNode,
  gradient: string,
  window: Window,
  group: number,
) {
  const { kernel, strides, dilations, padsBefore, padsAfter } = window;
  const pads = [...padsBefore, ...padsAfter];
  const sums = graph.op('Conv', [turnedInGroups(graph, x, group), turned(graph, gradient)], {
    strides: dilations,
    dilations: strides,
    pads,
    group,
  });
  const axes = kernel.map((_size, axis) => axis + 2);
  const result = turned(graph, sums);
  if (kernel.every((size, axis) => graph.size(sums, axis + 2) === size)) return result;
  // Where windows did not reach to the end of x, there is more than the kernel had.
  const starts = graph.wholes(axes.map(() => 0));
  return graph.op('Slice', [result, starts, graph.wholes(kernel), graph.wholes(axes)]);
}

/** [rows, channels, …] → [channels, rows, …]. */
function turned(graph: GraphBuilder, value: string): string {
  const rank = graph.rank(value) ?? 2;
  return graph.op('Transpose', [value], { perm: [1, 0, ...Array.from({ length: rank - 2 }, (_item, at) => at + 2)] });
}

/** [rows, groups · channels, …] → [channels, groups · rows, …]. */
function turnedInGroups(graph: GraphBuilder, value: string, group: number): string {
  if (group === 1) return turned(graph, value);
  const places = placesOf(graph, value);
  const apart = graph.op('Reshape', [value, graph.sizes([{ of: value, axis: 0 }, group, -1, ...places])]);
  const within = graph.op('Transpose', [apart], { perm: [2, 1, 0, ...places.map((_place, at) => at + 3)] });
  return graph.op('Reshape', [within, graph.sizes([{ of: within, axis: 0 }, -1, ...places])]);
}

function placesOf(graph: GraphBuilder, value: string): readonly SizePart[] {
  return Array.from({ length: (graph.rank(value) ?? 2) - 2 }, (_item, at) => ({ of: value, axis: at + 2 }));
}

/** Convolutions. */
export const convolutionRules: GradientRules = { Conv: convolution };
