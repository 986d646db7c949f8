import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { GradientRule, GradientRules } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { shareOf } from './share-of.ts';
import { tiny } from './tiny.ts';

/** Gives a reduced value the axes again that it lost, with the size 1. */
function withAxes(graph: GraphBuilder, { inputs: [, axes], attributes }: OnnxNode, value: string): string {
  // Without axes all are gone: what is left is a scalar, which spreads over everything.
  if (!axes || attributeOf.whole({ attributes } as OnnxNode, 'keepdims') !== 0) return value;
  return graph.op('Unsqueeze', [value, axes]);
}

const keepsAll = (graph: GraphBuilder, node: OnnxNode) => {
  const [, axes] = node.inputs;
  const isWithout = !axes || graph.size(axes, 0) === 0;
  return isWithout && attributeOf.whole(node, 'noop_with_empty_axes') === 1;
};

const sum: GradientRule = {
  inputs: [0],
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    if (keepsAll(graph, node)) return [gradient];
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

/** To the largest, or the least; where several are, to each its part. */
const extreme: GradientRule = {
  inputs: [0],
  backward: ({ graph, node, inputs: [x = '', ...axes], gradient }) => {
    if (keepsAll(graph, node)) return [gradient];
    const [y, share] = [node.outputs[0] as string, gradient].map((value) => withAxes(graph, node, value));
    const holds = graph.inTypeOf(graph.op('Equal', [x, y as string]), x);
    const count = graph.op('ReduceSum', [holds, ...axes], { keepdims: 1 });
    return [graph.op('Mul', [holds, graph.op('Div', [share as string, count])])];
  },
};

/** Along the direction of x, which where all is 0 has none. */
const length: GradientRule = {
  inputs: [0],
  backward: ({ graph, node, inputs: [x = ''], gradient }) => {
    const [y, wide] = [node.outputs[0] as string, gradient].map((value) => withAxes(graph, node, value)) as [
      string,
      string,
    ];
    const direction = graph.op('Div', [x, graph.op('Max', [y, tiny(graph, y)])]);
    return [graph.op('Mul', [direction, wide])];
  },
};

/** What takes axes together. */
export const reductionRules: GradientRules = {
  ReduceSum: sum,
  ReduceMean: mean,
  ReduceMax: extreme,
  ReduceMin: extreme,
  ReduceL2: length,
};
