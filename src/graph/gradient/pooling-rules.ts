import { countElements } from '../../protocol/count-elements.ts';
import { dataTypes } from '../data-types.ts';
import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { GradientRule, GradientRules } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { scatter } from './scatter.ts';
import { shareOf } from './share-of.ts';
import { spread } from './spread.ts';
import { type Window, windowOf } from './window.ts';

/** How a MaxPool counts the places that it tells: along rows, as they are scattered by, or along columns. */
const columnFirst = 'storage_order';

/**
 * To where the largest was: of windows side by side by a comparison, and where several are the largest, to each its
 * part; of others by the places that the pool tells, which makes it many times slower, but only in training.
 */
const maxPool: GradientRule = {
  refuses: (node, graph) =>
    node.outputs[1] && attributeOf.whole(node, columnFirst) && !tilesOf(graph, node)
      ? `whose places, which the model reads, are counted along columns (${columnFirst})`
      : undefined,
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    const tiles = tilesOf(graph, node);
    if (tiles) return [toLargest(graph, node, gradient, tiles)];
    const attributes = new Map([...node.attributes].filter(([name]) => name !== columnFirst));
    const [, places = ''] = graph.outputs({ ...node, attributes }, 2);
    return [scatter(graph, gradient, places, x, isApart(node) ? 'none' : 'add')];
  },
};

/** The sizes of windows that cover all of x, each element once; undefined where they do not, or sizes do not tell. */
function tilesOf(graph: GraphBuilder, node: OnnxNode): readonly number[] | undefined {
  const [x = ''] = node.inputs;
  const window = windowOf(graph, node);
  // The runtime has no AveragePool of DOUBLE.
  if (typeof window === 'string' || graph.type(x).dataType !== dataTypes.FLOAT) return undefined;
  const { kernel, strides, dilations, padsBefore, padsAfter } = window;
  const isTiled = kernel.every((size, axis) => {
    const all = graph.size(x, axis + 2);
    const isPlain = dilations[axis] === 1 && padsBefore[axis] === 0 && padsAfter[axis] === 0;
    return typeof all === 'number' && all % size === 0 && strides[axis] === size && isPlain;
  });
  return isTiled ? kernel : undefined;
}

function toLargest(graph: GraphBuilder, node: OnnxNode, gradient: string, tiles: readonly number[]): string {
  const [x = '', y = ''] = [...node.inputs, ...node.outputs];
  const wide = (value: string) => spreadOver(graph, value, x);
  const holds = graph.inTypeOf(graph.op('Equal', [x, wide(y)]), x);
  const share = graph.op('AveragePool', [holds], { kernel_shape: tiles, strides: tiles });
  const count = graph.number(countElements(tiles), x);
  return graph.op('Mul', [holds, wide(graph.op('Div', [gradient, graph.op('Mul', [share, count])]))]);
}

/** Gives each window of x its value in all places. */
function spreadOver(graph: GraphBuilder, value: string, x: string): string {
  const axes = Array.from({ length: (graph.rank(x) ?? 2) - 2 }, (_item, at) => at + 2);
  const sizes = graph.wholes(axes.map((axis) => graph.size(x, axis) as number));
  const told = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor', axes };
  const wide = graph.op('Resize', [value, '', '', sizes], told);
  graph.liken(wide, x);
  return wide;
}

/** Whether no element is in two windows. */
function isApart(node: OnnxNode): boolean {
  const kernel = attributeOf.wholes(node, 'kernel_shape') ?? [];
  const dilations = attributeOf.wholes(node, 'dilations') ?? [];
  const strides = attributeOf.wholes(node, 'strides') ?? [];
  return kernel.every((size, axis) => (size - 1) * (dilations[axis] ?? 1) < (strides[axis] ?? 1));
}

/** To all of a window evenly, by a kernel of ones for each channel by itself. */
const averagePool: GradientRule = {
  refuses: (node, graph) => {
    const window = windowOf(graph, node);
    return typeof window === 'string' ? window : undefined;
  },
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    const window = windowOf(graph, node) as Window;
    const count = countElements(window.kernel);
    const isPadded = [...window.padsBefore, ...window.padsAfter].some((size) => size > 0);
    const share =
      isPadded && !attributeOf.whole(node, 'count_include_pad')
        ? graph.op('Div', [gradient, counts(graph, x, window, count)])
        : graph.op('Mul', [gradient, graph.number(1 / count, gradient)]);
    const ones = graph.op('Expand', [graph.number(1, x), graph.wholes([1, 1, ...window.kernel])]);
    const [alone, single] = [x, share].map((value) => channelsAsRows(graph, value)) as [string, string];
    return [graph.op('Reshape', [spread(graph, single, ones, alone, window), graph.shape(x)])];
  },
};

/** How many elements each window has, without those of the padding. */
function counts(graph: GraphBuilder, x: string, window: Window, most: number): string {
  const { kernel, strides, dilations, padsBefore, padsAfter } = window;
  const places = kernel.map((_size, axis) => ({ of: x, axis: axis + 2 }));
  const ones = graph.op('Expand', [graph.number(1, x), graph.sizes([1, 1, ...places])]);
  const pads = [...padsBefore, ...padsAfter];
  const pooled = { kernel_shape: kernel, strides, dilations, pads, count_include_pad: 1 };
  return graph.op('Mul', [graph.op('AveragePool', [ones], pooled), graph.number(most, x)]);
}

/** [rows, channels, …] → [rows · channels, 1, …]. */
function channelsAsRows(graph: GraphBuilder, value: string): string {
  const places = Array.from({ length: (graph.rank(value) ?? 2) - 2 }, (_item, at) => ({ of: value, axis: at + 2 }));
  return graph.op('Reshape', [value, graph.sizes([-1, 1, ...places])]);
}

const globalAveragePool: GradientRule = {
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    const share = graph.op('Mul', [gradient, shareOf(graph, x, node.outputs[0] as string)]);
    return [graph.op('Expand', [share, graph.shape(x)])];
  },
};

const globalMaxPool: GradientRule = {
  refuses: ({ inputs }, graph) =>
    graph.rank(inputs[0] as string) === undefined ? 'of values whose number of dimensions is not known' : undefined,
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    const axes = Array.from({ length: (graph.rank(x) ?? 2) - 2 }, (_item, at) => at + 2);
    const holds = graph.inTypeOf(graph.op('Equal', [x, node.outputs[0] as string]), x);
    const count = graph.op('ReduceSum', [holds, graph.wholes(axes)], { keepdims: 1 });
    return [graph.op('Mul', [holds, graph.op('Div', [gradient, count])])];
  },
};

/** Pools. */
export const poolingRules: GradientRules = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
};
