import { expect, test } from '@jest/globals';
import { checkGradients } from '../../../src/graph/gradient/gradient-graph.ts';
import { patternsOf } from '../../../src/graph/gradient/patterns-of.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx, type OnnxNode, type OnnxTensor } from '../../fakes/onnx-builder.ts';
import { longs } from './given.ts';

const weight = (name: string): OnnxTensor => ({
  name,
  datatype: 'FP32',
  shape: [2, 2],
  data: new Uint8Array(new Float32Array([1, 0, 0, 1]).buffer),
});

const vector = (name: string): OnnxTensor => ({ ...weight(name), shape: [2], data: new Uint8Array(8) });

/** Of nodes that make `y` of `x`, and weights. */
const modelOf = (nodes: readonly OnnxNode[], weights: readonly string[]) =>
  readModel(
    bytesAccess(
      buildOnnx({
        inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
        outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 2] }],
        nodes,
        initializers: weights.map(weight),
      }),
    ),
  );
const nothingFrozen = () => false;

/** Layers, each behind an operator without a gradient, but for the last ones. */
const names = [0, 1, 2, 3, 4, 5, 6].flatMap((layer) => [`body.${layer}.weight`, `body.${layer}.again`]);
const layers = names.map((name, at): OnnxNode => {
  const [from, to] = [at === 0 ? 'x' : `v${at}`, `v${at + 1}`];
  return { op: 'MatMul', inputs: [from, name], outputs: [to] };
});
const flat = layers.map(({ outputs }): OnnxNode => ({ op: 'Selu', inputs: outputs, outputs: [`${outputs}s`] }));
const chain = [
  ...layers.flatMap((layer, at) => [
    { ...layer, inputs: [at === 0 ? 'x' : `v${at}s`, layer.inputs[1] as string] },
    flat[at] as OnnxNode,
  ]),
  { op: 'MatMul', inputs: ['v14s', 'head.weight'], outputs: ['y'] },
];

test('all that has to be frozen is told at once, and is enough', async () => {
  const model = await modelOf(chain, [...names, 'head.weight']);
  expect(() => checkGradients(model, 'y', nothingFrozen)).toThrow(/: freeze what is before it \(body\.\*\)$/);
  expect(() => checkGradients(model, 'y', (name) => name.startsWith('body.'))).not.toThrow();
});

test('patterns name what is to be frozen, and nothing else', () => {
  expect(patternsOf(['l0.a.w', 'l0.a.b', 'l1.q.w', '/m/w', 'plain'], ['l1.k.w', 'plainer', '/n/w'])).toEqual([
    'l0.*',
    'l1.q.*',
    '/m/*',
    'plain',
  ]);
  expect(patternsOf(['a.w'], ['a.w.more'])).toEqual(['a.w']);
});

test('what is other in training mode is told, unless it is known not to be in it', async () => {
  const flag = (name: string, value: number) => ({
    name,
    datatype: 'BOOL' as const,
    shape: [],
    data: Uint8Array.of(value),
  });
  const read = (training: string) =>
    readModel(
      bytesAccess(
        buildOnnx({
          inputs: [
            { name: 'x', datatype: 'FP32', shape: ['N', 2] },
            { name: 'asked', datatype: 'BOOL', shape: [] },
          ],
          outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 2] }],
          nodes: [
            { op: 'MatMul', inputs: ['x', 'body.weight'], outputs: ['a'] },
            { op: 'Dropout', inputs: ['a', '', training], outputs: ['b'] },
            { op: 'MatMul', inputs: ['b', 'head.weight'], outputs: ['y'] },
          ],
          initializers: [...['body.weight', 'head.weight'].map(weight), flag('yes', 1), flag('no', 0)],
        }),
      ),
    );
  for (const training of ['yes', 'asked']) {
    const model = await read(training);
    expect(() => checkGradients(model, 'y', nothingFrozen)).toThrow(
      "no gradient goes back through Dropout in training mode, which a model exported for inference does not have (node 'Dropout_b'): freeze what is before it (body.*)",
    );
    expect(() => checkGradients(model, 'y', (name) => name.startsWith('body'))).not.toThrow();
  }
  for (const training of ['no', '']) {
    const model = await read(training);
    expect(() => checkGradients(model, 'y', nothingFrozen)).not.toThrow();
  }
});

test('places of a pool that the model reads, counted along columns, are told', async () => {
  const attributes = { kernel_shape: [2, 2], storage_order: 1 };
  const poolOf = (order: number) =>
    readModel(
      bytesAccess(
        buildOnnx({
          inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1, 2, 2] }],
          outputs: [{ name: 'y', datatype: 'FP32' }],
          nodes: [
            { op: 'MatMul', inputs: ['x', 'w'], outputs: ['a'] },
            {
              op: 'MaxPool',
              inputs: ['a'],
              outputs: ['p', 'places'],
              attributes: { ...attributes, storage_order: order },
            },
            { op: 'Cast', inputs: ['places'], outputs: ['at'], attributes: { to: 1 } },
            { op: 'Add', inputs: ['p', 'at'], outputs: ['y'] },
          ],
          initializers: [weight('w')],
        }),
      ),
    );
  const [rows, columns] = [await poolOf(0), await poolOf(1)];
  expect(() => checkGradients(rows, 'y', nothingFrozen)).not.toThrow();
  expect(() => checkGradients(columns, 'y', nothingFrozen)).toThrow(
    "no gradient goes back through MaxPool whose places, which the model reads, are counted along columns (storage_order) (node 'MaxPool_p')",
  );
});

const others =
  'Train the model of floats that it was made from, or have a head learn from what it gives (--head linear)';

test('a model that quantizes as it runs is told to be quantized, whatever is frozen', async () => {
  const nodes = [
    { op: 'MatMul', inputs: ['x', 'body.weight'], outputs: ['a'] },
    { op: 'DynamicQuantizeLinear', inputs: ['a'], outputs: ['q', 'scale', 'zero'] },
    { op: 'DequantizeLinear', inputs: ['q', 'scale', 'zero'], outputs: ['b'] },
    { op: 'MatMul', inputs: ['b', 'head.weight'], outputs: ['y'] },
  ];
  const model = await modelOf(nodes, ['body.weight', 'head.weight']);
  const message = `the model is quantized (DynamicQuantizeLinear, DequantizeLinear): no gradient goes back through that, and what it says of a row depends on those beside it. ${others}`;
  for (const isFrozen of [nothingFrozen, (name: string) => name === 'body.weight'])
    expect(() => checkGradients(model, 'y', isFrozen)).toThrow(message);
});

test('what has a gradient nowhere is told with what would help', async () => {
  const scaler = { op: 'Scaler', inputs: ['x'], outputs: ['s'], domain: 'ai.onnx.ml' };
  const trees = { op: 'TreeEnsembleRegressor', inputs: ['s'], outputs: ['y'], domain: 'ai.onnx.ml' };
  const help = 'Train a new network (--new mlp), or a head on what the model gives (--head linear)';
  const learned = await modelOf([scaler, trees], []);
  expect(() => checkGradients(learned, 'y', nothingFrozen)).toThrow(
    `expected weights of FP32 that 'y' depends on and that are not frozen, got none: what the model learned is in ai.onnx.ml.Scaler, ai.onnx.ml.TreeEnsembleRegressor, which no gradient changes. ${help}`,
  );
  const first = await modelOf([{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['s'] }, trees], ['w']);
  expect(() => checkGradients(first, 'y', nothingFrozen)).toThrow(
    `no gradient goes back through ai.onnx.ml.TreeEnsembleRegressor (node 'TreeEnsembleRegressor_y'): with what is before it frozen nothing would learn. ${help}`,
  );
  const plain = await modelOf([{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }], ['w']);
  expect(() => checkGradients(plain, 'y', () => true)).toThrow(/got none: freeze fewer of them, or have a head learn/);
  expect(() => checkGradients(plain, 'y', nothingFrozen)).not.toThrow();
});

test('what learns by a bound, by what fills or by the mean of a batch has no gradient there, which is told', async () => {
  const bound = { name: 'bound', datatype: 'FP32' as const, shape: [1], data: new Uint8Array(4) };
  const readBy = (nodes: readonly OnnxNode[]) =>
    readModel(
      bytesAccess(
        buildOnnx({
          inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
          outputs: [{ name: 'y', datatype: 'FP32' }],
          nodes: [
            { op: 'MatMul', inputs: ['x', 'w'], outputs: ['a'] },
            { op: 'Squeeze', inputs: ['bound'], outputs: ['most'] },
            { op: 'Concat', inputs: ['bound', 'bound'], outputs: ['two'], attributes: { axis: 0 } },
            ...nodes,
            { op: 'Mul', inputs: ['z', 'bound'], outputs: ['y'] },
          ],
          initializers: [weight('w'), bound, longs('pads', [0, 1, 0, 0]), ...['s', 'b'].map(vector)],
        }),
      ),
    );
  for (const [by, node] of [
    ['most', { op: 'Clip', inputs: ['a', '', 'most'], outputs: ['z'] }],
    ['most', { op: 'Pad', inputs: ['a', 'pads', 'most'], outputs: ['z'] }],
    ['two', { op: 'BatchNormalization', inputs: ['a', 's', 'b', 'two', 's'], outputs: ['z'] }],
  ] as const) {
    const model = await readBy([node]);
    expect(() => checkGradients(model, 'y', nothingFrozen)).toThrow(
      `no gradient goes back through ${node.op} by '${by}' (node '${node.op}_z'): freeze what is before it (bound)`,
    );
    expect(() => checkGradients(model, 'y', (name) => name === 'bound')).not.toThrow();
  }
});

test('a BatchNormalization that gives the statistics of a batch is in training mode, as before opset 14', async () => {
  const model = await readModel(
    bytesAccess(
      buildOnnx({
        inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
        outputs: [{ name: 'y', datatype: 'FP32' }],
        nodes: [
          { op: 'MatMul', inputs: ['x', 'body.weight'], outputs: ['a'] },
          {
            op: 'BatchNormalization',
            inputs: ['a', 's', 'b', 'mean', 'variance'],
            outputs: ['z', 'meanNow', 'varianceNow', 'savedMean', 'savedVariance'],
          },
          { op: 'MatMul', inputs: ['z', 'head.weight'], outputs: ['y'] },
        ],
        initializers: [...['body.weight', 'head.weight'].map(weight), ...['s', 'b', 'mean', 'variance'].map(vector)],
        opset: 9,
      }),
    ),
  );
  expect(() => checkGradients(model, 'y', nothingFrozen)).toThrow(
    "no gradient goes back through BatchNormalization in training mode, which a model exported for inference does not have (node 'BatchNormalization_z'): freeze what is before it (body.*, s, b)",
  );
});
