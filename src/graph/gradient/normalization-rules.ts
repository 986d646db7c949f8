import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import { byRows, type Made } from './by-rows.ts';
import type { GradientRule, GradientRules } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { tiny } from './tiny.ts';
import { unbroadcast } from './unbroadcast.ts';

/** The axes that are normalized together, counted from the end where the rank is not known. */
function normalizedAxes(graph: GraphBuilder, node: OnnxNode): readonly number[] | undefined {
  const axis = attributeOf.whole(node, 'axis') ?? -1;
  const rank = graph.rank(node.inputs[0] as string);
  const first = axis >= 0 && rank !== undefined ? axis - rank : axis;
  return first < 0 ? Array.from({ length: -first }, (_item, at) => first + at) : undefined;
}

/**
 * By the mean and 1/σ that the operator gives as its further outputs, and x̂ = (x − mean) / σ: of h = g · scale, it is
 * (h − mean(h) − x̂ · mean(h · x̂)) / σ. Source: Ba, Kiros and Hinton, "Layer Normalization", 2016, equation 4,
 * differentiated.
 */
const layerNormalization: GradientRule = {
  refuses: (node, graph) =>
    normalizedAxes(graph, node)
      ? undefined
      : 'from an axis counted from the front, of values whose number of dimensions is not known',
  backward: ({ graph, node, inputs: [x = '', scale = '', bias = ''], gradient, needs }) => {
    const axes = normalizedAxes(graph, node) ?? [];
    // The runtime has both in FLOAT, whatever x is of.
    const [mean = '', inverse = ''] = graph
      .outputs(node, 3)
      .slice(1)
      .map((each) => graph.inTypeOf(each, x));
    const made = (rows: GraphBuilder, [g = '', x = '', mean = '', inverse = '']: readonly string[]): Made => {
      const normalized = rows.op('Mul', [rows.op('Sub', [x, mean]), inverse]);
      const meanOf = (value: string) => rows.op('ReduceMean', [value, rows.wholes(axes)], { keepdims: 1 });
      const byX = () => {
        const scaled = rows.op('Mul', [g, scale]);
        const along = rows.op('Mul', [normalized, meanOf(rows.op('Mul', [scaled, normalized]))]);
        const rest = rows.op('Sub', [rows.op('Sub', [scaled, meanOf(scaled)]), along]);
        return rows.op('Mul', [rest, inverse]);
      };
      const byScale = () => unbroadcast(rows, rows.op('Mul', [g, normalized]), scale);
      return {
        rows: needs(0) ? [byX()] : [],
        sums: [...(needs(1) ? [byScale()] : []), ...(hasBias ? [unbroadcast(rows, g, bias)] : [])],
      };
    };
    const hasBias = bias !== '' && needs(2);
    const sumsLike = [...(needs(1) ? [scale] : []), ...(hasBias ? [bias] : [])];
    // Rows are by themselves where neither what is normalized together nor what scales it goes over them.
    const isIn = (value: string) => (graph.rank(value) ?? Number.POSITIVE_INFINITY) <= axes.length;
    const areApart = !isIn(x) && [scale, ...sumsLike].every(isIn);
    const values = [gradient, x, mean, inverse];
    const { rows, sums } = areApart
      ? byRows(graph, values, made, { sumsLike, shared: [scale, ...sumsLike] })
      : made(graph, values);
    const [byScale, byBias] = needs(1) ? sums : [undefined, ...sums];
    return [rows[0], byScale, byBias];
  },
};

/** As it is served: by mean and variance of the training that was, which stay. */
const batchNormalization: GradientRule = {
  inputs: [0, 1, 2],
  fixed: [3, 4],
  refuses: (node, graph) => {
    // Before opset 14 whoever asked for the statistics of the batch meant it.
    if (attributeOf.whole(node, 'training_mode') || node.outputs.slice(1).some((output) => output !== ''))
      return 'in training mode, which a model exported for inference does not have';
    return graph.rank(node.inputs[0] as string) === undefined
      ? 'of values whose number of dimensions is not known'
      : undefined;
  },
  backward: ({ graph, node, inputs: [x = '', scale = '', , mean = '', variance = ''], gradient, needs }) => {
    const rank = graph.rank(x) ?? 2;
    const axes = Array.from({ length: rank }, (_item, axis) => axis).filter((axis) => axis !== 1);
    const wide = (value: string) =>
      rank === 2 ? value : graph.op('Reshape', [value, graph.wholes([-1, ...axes.slice(1).map(() => 1)])]);
    const sum = (value: string) => graph.op('ReduceSum', [value, graph.wholes(axes)], { keepdims: 0 });
    const epsilon = graph.number(attributeOf.float(node, 'epsilon') ?? 1e-5, variance);
    const inverse = graph.op('Reciprocal', [graph.op('Sqrt', [graph.op('Add', [variance, epsilon])])]);
    const byScale = () =>
      graph.op('Mul', [sum(graph.op('Mul', [gradient, graph.op('Sub', [x, wide(mean)])])), inverse]);
    return [
      needs(0) ? graph.op('Mul', [gradient, wide(graph.op('Mul', [scale, inverse]))]) : undefined,
      needs(1) ? byScale() : undefined,
      needs(2) ? sum(gradient) : undefined,
    ];
  },
};

/**
 * x / ‖x‖: with the slope d of the length, which is y of the second norm and x's signs of the first, it is
 * (g − d · Σ(g · y)) / ‖x‖. Where all is 0, which has no direction, it counts as 0.
 */
const lengthNormalization: GradientRule = {
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    const axis = graph.wholes([attributeOf.whole(node, 'axis') ?? -1]);
    const isFirst = attributeOf.whole(node, 'p') === 1;
    const [y = ''] = node.outputs;
    const length = graph.op(isFirst ? 'ReduceL1' : 'ReduceL2', [x, axis], { keepdims: 1 });
    const isPositive = graph.inTypeOf(graph.op('Greater', [length, graph.number(0, x)]), x);
    const share = graph.op('Div', [isPositive, graph.op('Max', [length, tiny(graph, x)])]);
    const sum = graph.op('ReduceSum', [graph.op('Mul', [gradient, y]), axis], { keepdims: 1 });
    const along = graph.op('Mul', [isFirst ? graph.op('Sign', [x]) : y, sum]);
    return [graph.op('Mul', [graph.op('Sub', [gradient, along]), share])];
  },
};

/** Normalization of layers, batches and lengths. */
export const normalizationRules: GradientRules = {
  LayerNormalization: layerNormalization,
  BatchNormalization: batchNormalization,
  LpNormalization: lengthNormalization,
};
