import { dataTypes } from '../data-types.ts';
import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { BackwardStep, GradientRule, GradientRules } from './gradient-rule.ts';
import { scatter, scatterRows } from './scatter.ts';

/** The operator itself tells which places its elements come from, where it is given their numbers instead. */
function backToPlaces({ graph, node, inputs: [x = '', ...others], gradient }: BackwardStep, reduction: 'none' | 'add') {
  const numbers = graph.op('Range', [graph.whole(0), graph.op('Size', [x]), graph.whole(1)]);
  const places = graph.op('Reshape', [numbers, graph.shape(x)]);
  const picked = graph.op(node.opType, [places, ...others], Object.fromEntries(node.attributes));
  return [scatter(graph, gradient, picked, x, reduction)];
}

const isOfRows = (node: OnnxNode, rank: number | undefined) => {
  const axis = attributeOf.whole(node, 'axis') ?? 0;
  return axis === 0 || axis + (rank ?? 0) === 0;
};

const gather: GradientRule = {
  inputs: [0],
  backward: (step) => {
    const { graph, node, inputs, gradient } = step;
    const [x = '', indices = ''] = inputs;
    if (!isOfRows(node, graph.rank(x))) return backToPlaces(step, 'add');
    const isLong = graph.type(indices).dataType === dataTypes.INT64;
    const rows = isLong ? indices : graph.op('Cast', [indices], { to: dataTypes.INT64 });
    return [scatterRows(graph, gradient, rows, x)];
  },
};

const slice: GradientRule = { inputs: [0], backward: (step) => backToPlaces(step, 'none') };

/** What picks some of the elements. */
export const indexRules: GradientRules = {
  Gather: gather,
  GatherElements: { inputs: [0], backward: (step) => backToPlaces(step, 'add') },
  Slice: slice,
};
