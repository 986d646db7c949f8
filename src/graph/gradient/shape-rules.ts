import { attributeOf } from './attribute-of.ts';
import type { GradientRule, GradientRules } from './gradient-rule.ts';

const reshaped: GradientRule = {
  inputs: [0],
  backward: ({ graph, inputs: [x = ''], gradient }) => [graph.op('Reshape', [gradient, graph.shape(x)])],
};

const transpose: GradientRule = {
  backward: ({ graph, node, gradient }) => {
    const perm = attributeOf.wholes(node, 'perm');
    // Without one, axes are turned around: twice, and they are as before.
    const back = perm && { perm: perm.map((_from, axis) => perm.indexOf(axis)) };
    return [graph.op('Transpose', [gradient], back)];
  },
};

const concat: GradientRule = {
  backward: ({ graph, node, inputs, gradient }) => {
    const axis = attributeOf.whole(node, 'axis') ?? 0;
    if (inputs.length === 1) return [gradient];
    const sizes = inputs.map((input) => graph.size(input, axis));
    const lengths = sizes.every((size) => typeof size === 'number')
      ? graph.wholes(sizes as readonly number[])
      : graph.op(
          'Concat',
          inputs.map((of) => graph.op('Gather', [graph.shape(of), graph.wholes([axis])])),
          { axis: 0 },
        );
    return graph.ops('Split', [gradient, lengths], inputs.length, { axis });
  },
};

const split: GradientRule = {
  inputs: [0],
  outputs: Number.POSITIVE_INFINITY,
  backward: ({ graph, node, gradients, inputs: [x = ''] }) => {
    const parts = node.outputs.map((part, at) => gradients[at] ?? graph.zeros(graph.shape(part), x));
    return [graph.op('Concat', parts, { axis: attributeOf.whole(node, 'axis') ?? 0 })];
  },
};

/** What was added on each side is cut off. */
const pad: GradientRule = {
  inputs: [0],
  fixed: [2],
  refuses: (node) => {
    const mode = attributeOf.text(node, 'mode') ?? 'constant';
    return mode === 'constant' ? undefined : `in the mode '${mode}'`;
  },
  backward: ({ graph, inputs: [, pads = '', , axes], gradient }) => [
    graph.op('Pad', [gradient, graph.op('Neg', [pads]), graph.number(0, gradient), ...(axes ? [axes] : [])]),
  ],
};

/** What puts elements into another shape or place. */
export const shapeRules: GradientRules = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Pad: pad,
};
