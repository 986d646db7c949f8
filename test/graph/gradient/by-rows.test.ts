import { describe, expect, test } from '@jest/globals';
import { trainingGraphs } from '../../../src/graph/gradient/training-graphs.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { countElements } from '../../../src/protocol/count-elements.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { GraphBuilder } from '../../fakes/graph-builder.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { OpenModel } from './open-model.ts';

const width = 256;

type Bend = (builder: GraphBuilder, value: string) => string;

/** The gradients of a layer with `bend` behind it, by all weights but those frozen, and the operators that give them. */
async function gradientsOf(
  shape: readonly number[],
  bend: Bend,
  goesByRows: boolean,
  isFrozen: (name: string) => boolean = () => false,
) {
  const builder = new GraphBuilder();
  const size = shape.at(-1) as number;
  const product = builder.node('MatMul', ['x', builder.weight(size, size)]);
  const bent = bend(builder, product);
  const y = builder.node('MatMul', [bent, builder.weight(size, 2)]);
  const { nodes, initializers } = builder;
  const sizes = shape.map((size, axis) => (axis < shape.length - 1 ? `N${axis}` : size));
  const inputs = [{ name: 'x', datatype: 'FP32' as const, shape: sizes }];
  const outputs = [{ name: y, datatype: 'FP32' as const }];
  const model = await readModel(bytesAccess(buildOnnx({ inputs, outputs, nodes, initializers, opset: 20 })));
  const { gradients, parameters, frozen, target } = trainingGraphs(model, {
    loss: { kind: 'mean-squared-error' },
    optimizer: { kind: 'sgd' },
    goesByRows,
    isFrozen,
  });
  const floats = (of: readonly number[]): FixedTensor =>
    floatTensor(of, [...new GraphBuilder().randoms(countElements(of), 2)]);
  const open = await OpenModel.open(gradients);
  const weights = [...parameters.map(({ tensor }) => tensor), ...frozen].map(
    ({ name, shape }) => [name, floats(shape)] as const,
  );
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

const gelu =
  (approximate: string): Bend =>
  (builder, value) =>
    builder.node('Gelu', [value], { approximate });

test.each(['none', 'tanh'])('row by row, the slope of a Gelu (%s) is the same', async (approximate) => {
  for (const shape of [
    [3, 5, width],
    [2, 3, 2, width],
  ]) {
    const [rows, whole] = [
      await gradientsOf(shape, gelu(approximate), true),
      await gradientsOf(shape, gelu(approximate), false),
    ];
    expect(rows.operators).toContain('Scan');
    expect(whole.operators).not.toContain('Scan');
    expect(rows.given).toEqual(whole.given);
  }
});

test('of two dimensions, or of few numbers in the last, it goes over all at once', async () => {
  for (const shape of [
    [6, width],
    [3, 5, width - 1],
  ])
    expect((await gradientsOf(shape, gelu('none'), true)).operators).not.toContain('Scan');
});

describe('a LayerNormalization', () => {
  const normalized =
    (axis: number, ...shapes: readonly (readonly number[])[]): Bend =>
    (builder, value) => {
      const weights = shapes.map((shape) => builder.floats(builder.randoms(countElements(shape), 1), shape));
      return builder.node('LayerNormalization', [value, ...weights], { axis });
    };
  const isVector = (name: string) => ['floats1', 'floats2'].includes(name);
  const cases: [string, readonly number[], Bend, boolean][] = [
    ['with scale and bias', [3, 5, width], normalized(-1, [width], [width]), true],
    ['of four dimensions', [2, 3, 2, width], normalized(-1, [width], [width]), true],
    ['with a scale alone', [3, 5, width], normalized(-1, [width]), true],
    ['over two axes, with a scale of one', [3, 5, width], normalized(-2, [width], [5, width]), true],
    ['whose scale has as many axes', [3, 5, width], normalized(-1, [1, 1, width], [width]), false],
    ['of two dimensions', [6, width], normalized(-1, [width], [width]), false],
  ];
  test.each(cases)('%s has the same gradients row by row', async (_what, shape, bend, goesByRows) => {
    const [rows, whole] = [await gradientsOf(shape, bend, true), await gradientsOf(shape, bend, false)];
    expect(rows.operators.includes('Scan')).toBe(goesByRows);
    expect(whole.operators).not.toContain('Scan');
    expectNear(rows.given, whole.given);
  });

  test('whose scale and bias are frozen, or one tensor, has the same gradients row by row', async () => {
    const both: Bend = (builder, value) => {
      const one = builder.floats(builder.randoms(width, 1), [width]);
      return builder.node('LayerNormalization', [value, one, one], { axis: -1 });
    };
    const shape = [3, 5, width];
    expectNear((await gradientsOf(shape, both, true)).given, (await gradientsOf(shape, both, false)).given);
    const bend = normalized(-1, [width], [width]);
    const frozen = (byRows: boolean) => gradientsOf(shape, bend, byRows, isVector);
    const [rows, whole] = [await frozen(true), await frozen(false)];
    expect(rows.operators).toContain('Scan');
    expect(rows.given.length).toBe(2);
    expectNear(rows.given, whole.given);
  });
});

/** Sums are of rows one after the other, or of all at once. */
function expectNear(some: readonly unknown[], others: readonly unknown[]): void {
  const numbers = (tensors: readonly unknown[]) =>
    (tensors as readonly FixedTensor[]).flatMap(({ data }) => [
      ...new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4),
    ]);
  const [own, expected] = [numbers(some), numbers(others)];
  expect(own.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  expect(largest).toBeGreaterThan(0);
  for (const [at, value] of own.entries())
    expect(Math.abs(value - (expected[at] as number))).toBeLessThan(2e-6 * largest);
}
