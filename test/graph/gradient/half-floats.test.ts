import { expect, test } from '@jest/globals';
import type { OnnxNode, OnnxTensor } from '../../fakes/onnx-builder.ts';
import { longs } from './given.ts';
import { gradientError } from './gradient-error.ts';

const within = (op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): OnnxNode => ({
  op,
  inputs,
  outputs: ['z'],
  attributes,
});

/** y of a node between casts to a type of 16 bits and back, times 2 so that gradients are no constants of the test. */
async function errorOf(node: OnnxNode, x: readonly number[], truth: readonly number[], constants: OnnxTensor[] = []) {
  const nodes: readonly OnnxNode[] = [
    { op: 'Cast', inputs: ['x'], outputs: ['h'], attributes: { to: 10 } },
    node,
    { op: 'Cast', inputs: ['z'], outputs: ['y'], attributes: { to: 1 } },
  ];
  const values = { x: { shape: [x.length], values: x } };
  return gradientError({ nodes, values, constants, type: 'FP32', truth: { x: truth } }, 'ranks');
}

// Of y, the seeds are −1.5, −0.5 and 0.5: numbers that FP16 has.
test.each<[string, OnnxNode, readonly number[], readonly number[], OnnxTensor[]]>([
  ['Slice', within('Slice', ['h', 'from', 'to']), [1, 2, 3], [0, -1.5, -0.5], [longs('from', [1]), longs('to', [3])]],
  ['Gather', within('Gather', ['h', 'at']), [1, 2, 3], [-0.5, 0, -1], [longs('at', [2, 0, 2])]],
  ['GatherElements', within('GatherElements', ['h', 'at']), [1, 2], [-1, -0.5], [longs('at', [0, 1, 0])]],
  ['Sqrt, at 0', within('Sqrt', ['h']), [0, 4], [0, -0.125], []],
  ['ReduceL2, of nothing', within('ReduceL2', ['h'], { keepdims: 1 }), [0, 0], [0, 0], []],
  ['LpNormalization, of nothing', within('LpNormalization', ['h']), [0, 0], [0, 0], []],
])('gradients go back through %s of FP16', async (_name, node, x, truth, constants) => {
  expect(await errorOf(node, x, truth, constants)).toBeLessThan(1e-5);
});
