import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import { byRows } from './by-rows.ts';
import type { GradientRule, GradientRules } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { slopeRule } from './slope-rule.ts';

const sigmoid = slopeRule((graph, _x, y) => graph.op('Mul', [y, graph.op('Sub', [graph.number(1, y), y])]));
const tanh = slopeRule((graph, _x, y) => graph.op('Sub', [graph.number(1, y), graph.op('Mul', [y, y])]));
const erf = slopeRule((graph, x) => bell(graph, x, 2 / Math.sqrt(Math.PI)));

/** height · exp(−x²): with the height in the exponent, which takes a pass less. */
function bell(graph: GraphBuilder, x: string, height: number): string {
  const top = graph.number(Math.log(height), x);
  return graph.op('Exp', [graph.op('Sub', [top, graph.op('Mul', [x, x])])]);
}

/** Of some ten passes over what is wide in a transformer. */
const gelu: GradientRule = {
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    const slope = attributeOf.text(node, 'approximate') === 'tanh' ? tanhGeluSlope : geluSlope;
    const times = (rows: GraphBuilder, [g = '', x = '']: readonly string[]) => ({
      rows: [rows.op('Mul', [g, slope(rows, x)])],
      sums: [],
    });
    return byRows(graph, [gradient, x], times).rows;
  },
};

/** Φ(x) + x · φ(x), of the normal distribution: with a = x / √2, it is (1 + erf(a) + a · 2 / √π · exp(−a²)) / 2. */
function geluSlope(graph: GraphBuilder, x: string): string {
  const scaled = graph.op('Mul', [x, graph.number(Math.SQRT1_2, x)]);
  const density = graph.op('Mul', [scaled, bell(graph, scaled, 2 / Math.sqrt(Math.PI))]);
  const twice = graph.op('Add', [graph.op('Add', [graph.op('Erf', [scaled]), density]), graph.number(1, x)]);
  return graph.op('Mul', [twice, graph.number(0.5, x)]);
}

/**
 * Of 0.5x (1 + tanh(z / 2)) = x · s with s = sigmoid(z) and z = 2√(2/π) (x + 0.044715x³): it is s + (s − s²) · x ·
 * dz/dx.
 *
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
 */
function tanhGeluSlope(graph: GraphBuilder, x: string): string {
  const root = graph.number(2 * Math.sqrt(2 / Math.PI), x);
  const bend = 2 * Math.sqrt(2 / Math.PI) * 0.044715;
  const square = graph.op('Mul', [x, x]);
  const times = (factor: number) =>
    graph.op('Mul', [x, graph.op('Add', [graph.op('Mul', [square, graph.number(factor, x)]), root])]);
  const share = graph.op('Sigmoid', [times(bend)]);
  const spread = graph.op('Sub', [share, graph.op('Mul', [share, share])]);
  return graph.op('Add', [share, graph.op('Mul', [spread, times(3 * bend)])]);
}

const isPositive = (graph: GraphBuilder, value: string) =>
  graph.inTypeOf(graph.op('Greater', [value, graph.number(0, value)]), value);

const leakyRelu = slopeRule((graph, x, _y, node) => {
  const alpha = attributeOf.float(node, 'alpha') ?? 0.01;
  const steeper = graph.op('Mul', [isPositive(graph, x), graph.number(1 - alpha, x)]);
  return graph.op('Add', [steeper, graph.number(alpha, x)]);
});

/** At its bounds none, as PyTorch has it of ReLU6, Hardtanh and clamp. */
const clip: GradientRule = {
  ...slopeRule((graph, x, _y, { inputs: [, least = '', most = ''] }) => {
    const bounds = [
      ...(least ? [graph.op('Greater', [x, least])] : []),
      ...(most ? [graph.op('Less', [x, most])] : []),
    ];
    if (bounds.length === 0) return graph.number(1, x);
    return graph.inTypeOf(bounds.length === 1 ? (bounds[0] as string) : graph.op('And', bounds), x);
  }),
  fixed: [1, 2],
};

const elu = slopeRule((graph, x, y, node) => {
  const rising = isPositive(graph, x);
  const bent = graph.op('Add', [y, graph.number(attributeOf.float(node, 'alpha') ?? 1, x)]);
  return graph.op('Add', [rising, graph.op('Mul', [bent, graph.op('Sub', [graph.number(1, x), rising])])]);
});

/** Between its bounds, of a straight line. */
const hardSigmoid = slopeRule((graph, _x, y, node) => {
  const inside = graph.op('And', [
    graph.op('Greater', [y, graph.number(0, y)]),
    graph.op('Less', [y, graph.number(1, y)]),
  ]);
  return graph.op('Mul', [graph.inTypeOf(inside, y), graph.number(attributeOf.float(node, 'alpha') ?? 0.2, y)]);
});

/** Of x · max(0, min(1, x / 6 + 1 / 2)): 0 up to −3, 1 from 3 on. Source: ONNX, Operators.md, HardSwish. */
const hardSwish = slopeRule((graph, x) => {
  const three = graph.number(3, x);
  const isInside = graph.inTypeOf(graph.op('Less', [graph.op('Abs', [x]), three]), x);
  const rising = graph.op('Add', [graph.op('Mul', [x, graph.number(1 / 3, x)]), graph.number(0.5, x)]);
  const above = graph.inTypeOf(graph.op('GreaterOrEqual', [x, three]), x);
  return graph.op('Add', [graph.op('Mul', [rising, isInside]), above]);
});

const along = (node: OnnxNode, graph: GraphBuilder) => graph.wholes([attributeOf.whole(node, 'axis') ?? -1]);

const softmax: GradientRule = {
  backward: ({ graph, node, gradient }) => {
    const [y = ''] = node.outputs;
    const sum = graph.op('ReduceSum', [graph.op('Mul', [gradient, y]), along(node, graph)], { keepdims: 1 });
    return [graph.op('Mul', [graph.op('Sub', [gradient, sum]), y])];
  },
};

const logSoftmax: GradientRule = {
  backward: ({ graph, node, gradient }) => {
    const share = graph.op('Exp', [node.outputs[0] as string]);
    const sum = graph.op('ReduceSum', [gradient, along(node, graph)], { keepdims: 1 });
    return [graph.op('Sub', [gradient, graph.op('Mul', [share, sum])])];
  },
};

/** What stands between layers. */
export const activationRules: GradientRules = {
  Sigmoid: sigmoid,
  Tanh: tanh,
  Erf: erf,
  Gelu: gelu,
  Relu: slopeRule((graph, _x, y) => isPositive(graph, y)),
  LeakyRelu: leakyRelu,
  Clip: clip,
  Elu: elu,
  Softplus: slopeRule((graph, x) => graph.op('Sigmoid', [x])),
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Softmax: softmax,
  LogSoftmax: logSoftmax,
};
