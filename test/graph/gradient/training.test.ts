import { describe, expect, test } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { collectBytes } from '../../../src/graph/collect-bytes.ts';
import { dataTypes } from '../../../src/graph/data-types.ts';
import { encodeModel } from '../../../src/graph/encode-model.ts';
import { type ApplyGraph, applyGraph } from '../../../src/graph/gradient/apply-graph.ts';
import { NoGradientError } from '../../../src/graph/gradient/no-gradient-error.ts';
import type { Optimizer } from '../../../src/graph/gradient/optimizers/optimizer.ts';
import { trainingGraphs } from '../../../src/graph/gradient/training-graphs.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';
import { lossError } from './loss-error.ts';
import { OpenModel } from './open-model.ts';
import { cnn, mlp, pictures } from './small-models.ts';
import { randoms, tensorOf, valuesOf } from './tensors.ts';
import { type Recipe, trainedModel } from './trained-model.ts';

const file = buildOnnx(mlp('FP32'));
const data = pictures(200);
const loss = { kind: 'cross-entropy' } as const;
const recipe: Recipe = {
  loss,
  optimizer: { kind: 'adam' },
  schedule: { rate: 0.01 },
  epochs: 25,
  batch: 32,
  seed: 1,
};
const hex = (weights: Readonly<Record<string, { readonly data: Uint8Array }>>) =>
  Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [name, Buffer.from(tensor.data).toString('hex')]));

describe('gradients of a whole model are those of central differences', () => {
  const labels = BigInt64Array.from([1n, 0n, 9n, 4n, 4n]);
  const rows = labels.length;
  const target = { datatype: 'INT64' as const, shape: [rows], data: new Uint8Array(labels.buffer) };
  const x = randoms([rows, 64]).map(Math.fround);

  test('MLP', async () => {
    const { errors } = await lossError(mlp('FP64'), { loss }, { x: tensorOf('FP64', [rows, 64], x) }, target);
    expect(Object.keys(errors).toSorted()).toEqual(['b1', 'b2', 'w1', 'w2']);
    expect(Math.max(...Object.values(errors))).toBeLessThan(1e-5);
  });

  test('CNN, in FP32', async () => {
    const feeds = { x: tensorOf('FP32', [rows, 1, 8, 8], x) };
    const { errors } = await lossError(cnn('FP32'), { loss }, feeds, target, cnn('FP64'));
    expect(Object.keys(errors).toSorted()).toEqual(['b1', 'b2', 'b3', 'w1', 'w2', 'w3']);
    expect(Math.max(...Object.values(errors))).toBeLessThan(1e-5);
  });

  test('CNN of products, in FP64', async () => {
    const feeds = { x: tensorOf('FP64', [rows, 1, 8, 8], x) };
    const { errors } = await lossError(cnn('FP64'), { loss }, feeds, target);
    expect(Math.max(...Object.values(errors))).toBeLessThan(1e-5);
  });
});

test('what evaluates takes the same inputs, and nothing of the way back', async () => {
  const { gradients, evaluation, ...names } = trainingGraphs(await readModel(bytesAccess(file)), recipe);
  expect(evaluation.graph.inputs).toEqual(gradients.graph.inputs);
  expect(evaluation.graph.outputs.map(({ name }) => name)).toEqual([names.loss, names.prediction]);
  const products = ({ graph }: typeof evaluation) =>
    graph.nodes.filter(({ opType }) => opType === 'Gemm' || opType === 'MatMul').length;
  expect([evaluation, gradients].map(products)).toEqual([2, 5]);
});

test('a CNN learns', async () => {
  const { losses, accuracy } = await trainedModel(buildOnnx(cnn('FP32')), { ...data, shape: [1, 8, 8] }, recipe);
  expect(losses[0]).toBeGreaterThan(2);
  expect(losses.at(-1)).toBeLessThan(0.2);
  expect(accuracy).toBeGreaterThan(0.97);
});

test('a model learns, and learns the same from the same seed', async () => {
  const first = await trainedModel(file, data, recipe);
  expect(first.losses[0]).toBeGreaterThan(1.5);
  expect(first.losses.at(-1)).toBeLessThan(0.2);
  expect(first.accuracy).toBeGreaterThan(0.98);
  const second = await trainedModel(file, data, recipe);
  expect(hex(second.weights)).toEqual(hex(first.weights));
  const other = await trainedModel(file, data, { ...recipe, seed: 2 });
  expect(hex(other.weights)).not.toEqual(hex(first.weights));
});

test('what is frozen stays, and what is not learns', async () => {
  const { weights } = await trainedModel(file, data, { ...recipe, isFrozen: (name) => name.endsWith('1'), epochs: 1 });
  const before = Object.fromEntries((mlp('FP32').initializers ?? []).map(({ name, data: bytes }) => [name, bytes]));
  // The bias is small, and a constant of the graph.
  expect(Object.keys(weights).toSorted()).toEqual(['b2', 'w1', 'w2']);
  expect(weights.w1?.data).toEqual(before.w1);
  expect(weights.w2?.data).not.toEqual(before.w2);
});

test('the graphs hold no weights, and the same model gives the same graphs', async () => {
  const encode = async () => {
    const { gradients, apply } = trainingGraphs(await readModel(bytesAccess(file)), recipe);
    return Promise.all(
      [gradients, ...apply.map(({ model }) => model)].map(async (model) =>
        Buffer.from(await collectBytes(encodeModel(model).file)),
      ),
    );
  };
  const [gradients, apply] = await encode();
  expect(gradients?.length).toBeLessThan(5_000);
  expect(apply?.length).toBeLessThan(10_000);
  expect(await encode()).toEqual([gradients, apply]);
});

test('sizes that nobody names are the same where one value comes from the other: the run need not compare them', async () => {
  const model = await readModel(
    bytesAccess(
      buildOnnx({
        inputs: [
          { name: 'x', datatype: 'FP32', shape: ['N', 64] },
          { name: 'ends', datatype: 'INT64', shape: [1] },
        ],
        outputs: [{ name: 'y', datatype: 'FP32' }],
        nodes: [
          { op: 'Slice', inputs: ['x', 'starts', 'ends'], outputs: ['some'] },
          { op: 'MatMul', inputs: ['some', 'w1'], outputs: ['product'] },
          { op: 'Add', inputs: ['product', 'b1'], outputs: ['sum'] },
          { op: 'Tanh', inputs: ['sum'], outputs: ['bent'] },
          { op: 'Mul', inputs: ['bent', 'sum'], outputs: ['y'] },
        ],
        initializers: [
          ...(mlp('FP32').initializers ?? []),
          { name: 'starts', datatype: 'INT64', shape: [1], data: new Uint8Array(8) },
        ],
      }),
    ),
  );
  const { gradients } = trainingGraphs(model, { ...recipe, loss: { kind: 'mean-squared-error' } });
  expect(gradients.graph.nodes.map(({ opType }) => opType)).not.toContain('NonZero');
});

test('a gradient has the sizes of its value, whatever the operator that gives it tells', async () => {
  const { initializers = [] } = cnn('FP32');
  const wide = { name: 'wide', datatype: 'FP32' as const, shape: [4, 1, 1], data: new Uint8Array(16) };
  const bytes = buildOnnx({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 1, 'H', 'W'] }],
    outputs: [{ name: 'y', datatype: 'FP32' }],
    nodes: [
      { op: 'Conv', inputs: ['x', 'w1'], outputs: ['c1'] },
      { op: 'Add', inputs: ['c1', 'wide'], outputs: ['sum'] },
      { op: 'Conv', inputs: ['sum', 'w2'], outputs: ['y'] },
    ],
    initializers: [...initializers, wide],
  });
  const options = { ...recipe, loss: { kind: 'mean-squared-error' } } as const;
  const { gradients } = trainingGraphs(await readModel(bytesAccess(bytes)), options);
  expect(gradients.graph.nodes.map(({ opType }) => opType)).not.toContain('NonZero');
});

const optimizers: readonly Optimizer[] = [
  { kind: 'sgd' },
  { kind: 'sgd', momentum: 0.9 },
  { kind: 'sgd', momentum: 0.9, nesterov: true },
  { kind: 'adam' },
  { kind: 'adamw' },
];

test.each(optimizers)('%j may write over what it reads', async (optimizer) => {
  const rule = applyGraph(dataTypes.FLOAT, { optimizer, l1: 0.01, l2: 0.01, clipNorm: 1 });
  for (const { name, next } of placesOf(rule)) expect(readersAfter(rule, name, next)).toEqual([]);
  const session = await InferenceSession.create(await collectBytes(encodeModel(rule.model).file));
  const [apart, inPlace] = [await steps(session, rule, false), await steps(session, rule, true)];
  await session.release();
  expect(inPlace).toEqual(apart);
});

const placesOf = ({ parameter, next, states }: ApplyGraph) => [{ name: parameter, next }, ...states];

/** Nodes that read an old value and are not on the way to the new one, which may be in its place by then. */
function readersAfter({ model }: ApplyGraph, name: string, next: string): readonly string[] {
  const before = new Set([next]);
  for (const node of model.graph.nodes.toReversed())
    if (node.outputs.some((output) => before.has(output))) for (const input of node.inputs) before.add(input);
  return model.graph.nodes
    .filter((node) => node.inputs.includes(name) && !node.outputs.some((output) => before.has(output)))
    .map((node) => node.name);
}

/** Parameters and states after three steps, whose results are written over the old values or beside them. */
async function steps(session: InferenceSession, rule: ApplyGraph, isInPlace: boolean) {
  const count = 1_000;
  const places = placesOf(rule);
  const held = new Map<string, Float32Array<ArrayBuffer>>(
    places.map(({ name }, at) => [name, Float32Array.from(randoms([count], name === rule.parameter ? -1 : 0, 1, at))]),
  );
  const double = (value: number) => new Tensor('float64', Float64Array.of(value), []);
  for (let step = 1; step <= 3; step += 1) {
    const feeds: Record<string, Tensor> = {
      [rule.learningRate]: double(0.1),
      [rule.step]: double(step),
      [rule.decay]: double(1),
      [rule.norm as string]: double(2),
      [rule.gradient]: new Tensor('float32', Float32Array.from(randoms([count], -1, 1, 50 + step)), [count]),
    };
    const fetches: Record<string, Tensor> = {};
    for (const { name, next } of places) {
      const data = held.get(name) as Float32Array;
      feeds[name] = new Tensor('float32', data, [count]);
      fetches[next] = new Tensor('float32', isInPlace ? data : new Float32Array(count), [count]);
    }
    await session.run(feeds, fetches);
    for (const { name, next } of places) held.set(name, fetches[next]?.data as Float32Array<ArrayBuffer>);
  }
  return Object.fromEntries(held);
}

test('the length of all gradients together is that of their elements', async () => {
  const graphs = trainingGraphs(await readModel(bytesAccess(file)), { ...recipe, clipNorm: 1 });
  const open = await OpenModel.open(graphs.gradients);
  const weights = await Promise.all(
    [...graphs.parameters.map(({ tensor }) => tensor), ...graphs.frozen].map(async ({ name, shape, data: bytes }) => {
      const tensor: FixedTensor = { datatype: 'FP32', shape, data: await collectBytes(bytes) };
      return [name, tensor] as const;
    }),
  );
  const labels = new Uint8Array(BigInt64Array.from(data.labels.slice(0, 8), BigInt).buffer);
  const found = await open.run({
    ...Object.fromEntries(weights),
    x: tensorOf('FP32', [8, 64], data.rows.slice(0, 8).flat()),
    [graphs.target]: { datatype: 'INT64', shape: [8], data: labels },
  });
  await open.release();
  const elements = graphs.parameters.flatMap(({ gradient }) => valuesOf(found[gradient] as FixedTensor));
  const [norm = 0] = valuesOf(found[graphs.norm as string] as FixedTensor);
  expect(norm / Math.hypot(...elements)).toBeCloseTo(1, 6);
});

test('an operator without a rule is named before anything runs, with what to freeze', async () => {
  const graph = mlp('FP32');
  const nodes = graph.nodes.map((node) => (node.op === 'Relu' ? { ...node, op: 'Selu' } : node));
  const model = await readModel(bytesAccess(buildOnnx({ ...graph, nodes })));
  expect(() => trainingGraphs(model, recipe)).toThrow(NoGradientError);
  expect(() => trainingGraphs(model, recipe)).toThrow(
    "no gradient goes back through Selu (node 'Selu_hidden'): freeze what is before it (w1, b1)",
  );
  const { parameters } = trainingGraphs(model, { ...recipe, isFrozen: (name) => name.endsWith('1') });
  expect(parameters.map(({ tensor }) => tensor.name)).toEqual(['w2', 'b2']);
});

test('behind an operator of which no type is known, weights learn where all before it is frozen', async () => {
  const graph = mlp('FP32');
  const nodes = graph.nodes.map((node) => (node.op === 'Relu' ? { ...node, op: 'Selu' } : node));
  const isFrozen = (name: string) => name.endsWith('1');
  const learned = await trainedModel(buildOnnx({ ...graph, nodes }), data, { ...recipe, isFrozen });
  expect(learned.losses.at(-1)).toBeLessThan(0.6 * (learned.losses[0] as number));
  // Of labels the target has a type of its own; of numbers it has that of the prediction.
  const model = await readModel(bytesAccess(buildOnnx({ ...graph, nodes })));
  const { gradients, target } = trainingGraphs(model, { ...recipe, loss: { kind: 'binary-cross-entropy' }, isFrozen });
  const { type } = gradients.graph.inputs.find(({ name }) => name === target) ?? {};
  expect(type).toEqual({ dataType: dataTypes.FLOAT, shape: [undefined, 10] });
});

test('of an output, what the file says of it is known, but for how many rows there are', async () => {
  const { initializers = [] } = mlp('FP32');
  const graph: OnnxGraph = {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 64] }],
    // As many exporters write it, of the one row that they had.
    outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 16] }],
    nodes: [
      { op: 'Sin', inputs: ['x'], outputs: ['wave'] },
      { op: 'MatMul', inputs: ['wave', 'w1'], outputs: ['y'] },
    ],
    initializers: initializers.filter(({ name }) => name === 'w1'),
  };
  const { gradients, target } = trainingGraphs(await readModel(bytesAccess(buildOnnx(graph))), recipe);
  const { type } = gradients.graph.inputs.find(({ name }) => name === target) ?? {};
  expect(type).toEqual({ dataType: dataTypes.INT64, shape: [undefined] });
  await (await OpenModel.open(gradients)).release();
});

test('operators of old opsets that are others since are told, and opsets before 7', async () => {
  const graph = mlp('FP32');
  const scaled = { op: 'Upsample', inputs: ['x'], outputs: ['large'], attributes: { scales: { floats: [1, 1] } } };
  const nodes = [
    scaled,
    ...graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map((name) => (name === 'x' ? 'large' : name)) })),
  ];
  const old = await readModel(bytesAccess(buildOnnx({ ...graph, nodes, opset: 8 })));
  expect(() => trainingGraphs(old, recipe)).toThrow(
    "Upsample (node 'Upsample_large') is another operator in opset 8 than later: export the model at opset 20 to train it",
  );
  const older = await readModel(bytesAccess(buildOnnx({ ...graph, opset: 6 })));
  expect(() => trainingGraphs(older, recipe)).toThrow(
    'expected a model of opset 7 or later to train, got 6: export it anew',
  );
});

test('outputs that are not there, too many of them, and nothing to train are told', async () => {
  const graph = mlp('FP32');
  const model = await readModel(bytesAccess(buildOnnx(graph)));
  expect(() => trainingGraphs(model, { ...recipe, output: 'nothing' })).toThrow(
    "expected a value of the model to train by, got 'nothing': its outputs are 'probabilities'",
  );
  expect(() => trainingGraphs(model, { ...recipe, isFrozen: () => true })).toThrow('expected weights of FP32');
  const outputs = [...graph.outputs, { name: 'hidden', datatype: 'FP32' as const }];
  const two = await readModel(bytesAccess(buildOnnx({ ...graph, outputs })));
  expect(() => trainingGraphs(two, recipe)).toThrow(
    "expected to be told which output to train by: there are 'probabilities', 'hidden'",
  );
});
