import { countElements } from '../../protocol/count-elements.ts';
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
      needs(1)
        ? (byWindows(graph, node, gradient, window, group) ?? byWeight(graph, node, gradient, window, group))
        : undefined,
      bias && needs(2) ? graph.op('ReduceSum', [gradient, graph.wholes(axes)], { keepdims: 0 }) : undefined,
    ];
  },
};

/**
 * Elements of all windows of a row, up to which they are laid out side by side: a few times what the row has itself.
 */
const mostElements = 2 ** 18;

/**
 * The product of what lies in all windows and the gradient: less than half the time of a convolution by large kernels.
 * Undefined where the windows take too much memory, or sizes do not tell.
 */
function byWindows(
  graph: GraphBuilder,
  { inputs: [x = '', weight = ''] }: OnnxNode,
  gradient: string,
  { kernel, strides, dilations, padsBefore, padsAfter }: Window,
  group: number,
): string | undefined {
  const places = kernel.map((_size, axis) => graph.size(gradient, axis + 2));
  const [kernels, channels] = [graph.size(weight, 0), graph.size(weight, 1)];
  const sizes = [...places, ...kernel, kernels, channels];
  if (group !== 1 || !sizes.every((size) => typeof size === 'number')) return undefined;
  const area = countElements(places as number[]);
  const width = countElements(kernel);
  const depth = width * (channels as number);
  if (area * depth > mostElements) return undefined;
  const axes = graph.wholes(kernel.map((_size, axis) => axis + 2));
  const pads = [0, 0, ...padsBefore, 0, 0, ...padsAfter];
  const padded = pads.some((size) => size > 0) ? graph.op('Pad', [x, graph.wholes(pads)]) : x;
  const windows = Array.from({ length: width }, (_item, at) => {
    const starts = offsetOf(at, kernel).map((offset, axis) => offset * (dilations[axis] ?? 1));
    const ends = starts.map((start, axis) => start + ((places[axis] as number) - 1) * (strides[axis] ?? 1) + 1);
    return graph.op('Slice', [padded, graph.wholes(starts), graph.wholes(ends), axes, graph.wholes(strides)]);
  });
  const laid = width === 1 ? (windows[0] as string) : graph.op('Concat', windows, { axis: 1 });
  const flat = graph.op('Reshape', [laid, graph.wholes([0, depth, area])]);
  const rows = graph.op('Reshape', [gradient, graph.wholes([0, kernels as number, area])]);
  const products = graph.op('MatMul', [flat, graph.op('Transpose', [rows], { perm: [0, 2, 1] })]);
  const sum = graph.op('ReduceSum', [products, graph.wholes([0])], { keepdims: 0 });
  const apart = graph.op('Reshape', [sum, graph.wholes([...kernel, channels as number, kernels as number])]);
  const last = kernel.length;
  return graph.op('Transpose', [apart], { perm: [last + 1, last, ...kernel.keys()] });
}

/** Of a place in a kernel, counted through all of its axes, that in each. */
function offsetOf(at: number, kernel: readonly number[]): readonly number[] {
  let rest = at;
  return kernel
    .toReversed()
    .map((size) => {
      const own = rest % size;
      rest = Math.floor(rest / size);
      return own;
    })
    .toReversed();
}

/**
 * A convolution of x by the gradient, where rows take the place of channels, and strides and dilations that of one
 * another. Groups are those of the channels, as before, each of all rows.
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
