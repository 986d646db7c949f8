import { expect, test } from '@jest/globals';
import { trainingGraphs } from '../../../src/graph/gradient/training-graphs.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { countElements } from '../../../src/protocol/count-elements.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { GraphBuilder } from '../../fakes/graph-builder.ts';
import { buildOnnx, type OnnxNode } from '../../fakes/onnx-builder.ts';
import { OpenModel } from './open-model.ts';

const width = 8;

/** The gradients of a layer with a Gelu behind it, by all weights, and the operators that give them. */
async function gradientsOf(
  shape: readonly number[],
  attributes: NonNullable<OnnxNode['attributes']>,
  goesByRows: boolean,
) {
  const builder = new GraphBuilder();
  const product = builder.node('MatMul', ['x', builder.weight(width, width)]);
  const bent = builder.node('Gelu', [product], attributes);
  const y = builder.node('MatMul', [bent, builder.weight(width, 2)]);
  const { nodes, initializers } = builder;
  const sizes = shape.map((size, axis) => (axis < shape.length - 1 ? `N${axis}` : size));
  const inputs = [{ name: 'x', datatype: 'FP32' as const, shape: sizes }];
  const outputs = [{ name: y, datatype: 'FP32' as const }];
  const model = await readModel(bytesAccess(buildOnnx({ inputs, outputs, nodes, initializers, opset: 20 })));
  const { gradients, parameters, target } = trainingGraphs(model, {
    loss: { kind: 'mean-squared-error' },
    optimizer: { kind: 'sgd' },
    goesByRows,
  });
  const floats = (of: readonly number[]): FixedTensor =>
    floatTensor(of, [...new GraphBuilder().randoms(countElements(of), 2)]);
  const open = await OpenModel.open(gradients);
  const weights = parameters.map(({ tensor }) => [tensor.name, floats(tensor.shape)] as const);
  const given = await open.run({
    x: floats(shape),
    [target]: floats([...shape.slice(0, -1), 2]),
    ...Object.fromEntries(weights),
  });
  await open.release();
  return {
    given: parameters.map(({ gradient }) => given[gradient]),
    operators: gradients.graph.nodes.map(({ opType }) => opType),
  };
}

test.each(['none', 'tanh'])('row by row, the slope of a Gelu (%s) is the same', async (approximate) => {
  for (const shape of [
    [3, 5, width],
    [2, 3, 2, width],
  ]) {
    const [rows, whole] = [
      await gradientsOf(shape, { approximate }, true),
      await gradientsOf(shape, { approximate }, false),
    ];
    expect(rows.operators).toContain('Scan');
    expect(whole.operators).not.toContain('Scan');
    expect(rows.given).toEqual(whole.given);
  }
});

test('of two dimensions, it goes over all at once', async () => {
  expect((await gradientsOf([6, width], {}, true)).operators).not.toContain('Scan');
});
