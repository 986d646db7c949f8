import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { GradientRule, GradientRules } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { shareOf } from './share-of.ts';

/** Gives a reduced value the axes again that it lost, with the size 1. */
function withAxes(graph: GraphBuilder, { inputs: [, axes], attributes }: OnnxNode, value: string): string {
  // Without axes all are gone: what is left is a scalar, which spreads over everything.
  if (!axes || attributeOf.whole({ attributes } as OnnxNode, 'keepdims') !== 0) return value;
  return graph.op('Unsqueeze', [value, axes]);
}

const keepsAll = (node: OnnxNode) => !node.inputs[1] && attributeOf.whole(node, 'noop_with_empty_axes') === 1;

const sum: GradientRule = {
  inputs: [0],
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    if (keepsAll(node)) return [gradient];
    return [graph.op('Expand', [withAxes(graph, node, gradient), graph.shape(x)])];
  },
};

const mean: GradientRule = {
  inputs: [0],
  backward: (step) => {
    const { graph, node, inputs, gradient } = step;
    return sum.backward({
      ...step,
      gradient: graph.op('Mul', [gradient, shareOf(graph, inputs[0] ?? '', node.outputs[0] ?? '')]),
    });
  },
};

/** Sums and means. */
export const reductionRules: GradientRules = { ReduceSum: sum, ReduceMean: mean };
