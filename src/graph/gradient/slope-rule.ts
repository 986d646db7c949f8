import type { OnnxNode } from '../onnx-model.ts';
import type { GradientRule } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** The rule of an operator that works on each element of its first input by itself: `slope` adds what gives dy/dx. */
export function slopeRule(slope: (graph: GraphBuilder, x: string, y: string, node: OnnxNode) => string): GradientRule {
  return {
    inputs: [0],
    backward: ({ graph, node, inputs: [x = ''], gradient }) => [
      graph.op('Mul', [gradient, slope(graph, x, node.outputs[0] as string, node)]),
    ],
  };
}
