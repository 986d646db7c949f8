import { expect, test } from '@jest/globals';
import { GraphBuilder } from '../../../src/graph/gradient/graph-builder.ts';
import { upgradeNode } from '../../../src/graph/gradient/upgrade-node.ts';
import { makeNode } from '../../../src/graph/make-node.ts';
import { Names } from '../../../src/graph/names.ts';
import type { OnnxNode } from '../../fakes/onnx-builder.ts';
import { longs, node, value } from './given.ts';
import { type GradientCase, gradientError } from './gradient-error.ts';

const x = value([2, 3, 4]);
const axes = longs('given', [1]);
const cases: Readonly<Record<string, GradientCase>> = {
  Reshape: { nodes: [node('Reshape', ['x', 'given'])], values: { x }, constants: [longs('given', [0, -1])] },
  Flatten: { nodes: [node('Flatten', ['x'], { axis: 2 })], values: { x } },
  Unsqueeze: { nodes: [node('Unsqueeze', ['x', 'given'])], values: { x }, constants: [axes] },
  Squeeze: { nodes: [node('Squeeze', ['x', 'given'])], values: { x: value([2, 1, 3]) }, constants: [axes] },
  Transpose: { nodes: [node('Transpose', ['x'], { perm: [2, 0, 1] })], values: { x } },
  'Transpose, all around': { nodes: [node('Transpose', ['x'])], values: { x } },
  Concat: {
    nodes: [node('Concat', ['a', 'b', 'a'], { axis: -1 })],
    values: { a: value([2, 3], -1, 1, 1), b: value([2, 2], -1, 1, 2) },
  },
  Pad: { nodes: [node('Pad', ['x', 'given'])], values: { x }, constants: [longs('given', [1, 0, 2, 0, 1, 0])] },
  'Pad, of some axes, and that cuts': {
    nodes: [node('Pad', ['x', 'given', '', 'axes'])],
    values: { x },
    constants: [longs('given', [1, -1, -1, 2]), longs('axes', [2, 1])],
  },
  'Split, of which a part is used': {
    nodes: [
      { op: 'Split', inputs: ['x', 'given'], outputs: ['a', 'b', 'c'], attributes: { axis: 2 } },
      { op: 'Concat', inputs: ['c', 'a'], outputs: ['y'], attributes: { axis: 2 } },
    ],
    values: { x },
    constants: [longs('given', [1, 1, 2])],
  },
  'Split, evenly': {
    nodes: [
      { op: 'Split', inputs: ['x'], outputs: ['a', 'b'], attributes: { axis: 2, num_outputs: 2 } },
      node('Mul', ['a', 'b']),
    ],
    values: { x },
  },
  'Slice of opset 9, whose bounds are attributes': {
    nodes: [node('Slice', ['x'], { starts: [1, -3], ends: [2, -1], axes: [0, 2] })],
    values: { x },
    opset: 9,
  },
  'Pad of opset 10, whose sizes are attributes': {
    nodes: [node('Pad', ['x'], { pads: [1, 0, 2, 0, 1, 0], value: { float: 0.5 } })],
    values: { x },
    opset: 10,
  },
  'Split of opset 7, whose sizes are attributes': {
    nodes: [
      { op: 'Split', inputs: ['x'], outputs: ['a', 'b'], attributes: { axis: 2, split: [1, 3] } },
      { op: 'Concat', inputs: ['b', 'a'], outputs: ['y'], attributes: { axis: 2 } },
    ],
    values: { x },
    opset: 7,
  },
};
test.each(Object.entries(cases))('%s', async (_name, plain) => {
  const given = weighed(plain);
  for (const told of ['sizes', 'ranks', 'nothing'] as const)
    expect(await gradientError(given, told)).toBeLessThan(1e-5);
});

test('a Slice of opset 9 to the end, which is told by the largest number of 64 bits, as JavaScript reads it', () => {
  const graph = new GraphBuilder(new Names());
  const bounds = { starts: { kind: 'ints', value: [1] }, ends: { kind: 'ints', value: [2 ** 63] } } as const;
  const { inputs } = upgradeNode(graph, makeNode('Slice', ['x'], ['y'], { attributes: bounds }), 9);
  const ends = graph.initializers.get(inputs[2] as string)?.data.held as Uint8Array;
  expect(new BigInt64Array(ends.slice().buffer)[0]).toBeGreaterThan(2n ** 32n);
});

/** What only moves elements is followed by a product, so that a gradient at another place would be another. */
function weighed(given: GradientCase): GradientCase {
  const last = given.nodes.at(-1) as OnnxNode;
  return {
    ...given,
    nodes: [
      ...given.nodes.slice(0, -1),
      { ...last, outputs: ['moved'] },
      { op: 'Exp', inputs: ['moved'], outputs: ['y'] },
    ],
  };
}
