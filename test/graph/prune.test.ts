import { expect, test } from '@jest/globals';
import { collectBytes } from '../../src/graph/collect-bytes.ts';
import type { OnnxModel, OnnxTensor } from '../../src/graph/onnx-model.ts';
import { floatsOf } from '../../src/graph/prune/floats-of.ts';
import { pruneHeads } from '../../src/graph/prune/prune-heads.ts';
import { pruneNeurons } from '../../src/graph/prune/prune-neurons.ts';
import { softmaxHead } from '../../src/graph/prune/softmax-head.ts';
import { zeroSmallest } from '../../src/graph/prune/zero-smallest.ts';
import { readModel } from '../../src/graph/read-model.ts';
import { withWeights } from '../../src/graph/with-weights.ts';
import { bytesAccess } from '../fakes/bytes-access.ts';
import { GraphBuilder } from '../fakes/graph-builder.ts';
import { buildOnnx, type OnnxGraph } from '../fakes/onnx-builder.ts';
import { smallTransformer } from '../fakes/small-transformer.ts';
import { OpenModel } from './gradient/open-model.ts';
import { randoms, tensorOf, valuesOf } from './gradient/tensors.ts';

const read = (graph: OnnxGraph) => readModel(bytesAccess(buildOnnx(graph)));

async function answer(model: OnnxModel, feeds: Parameters<OpenModel['run']>[0]): Promise<readonly number[]> {
  const open = await OpenModel.open(model);
  const [output] = Object.values(await open.run(feeds));
  await open.release();
  return output ? valuesOf(output) : [];
}

function expectSame(actual: readonly number[], wanted: readonly number[]) {
  expect(actual).toHaveLength(wanted.length);
  for (const [place, value] of actual.entries()) expect(value).toBeCloseTo(wanted[place] as number, 5);
}

/** Places of matrices along an axis that become 0: along the first, what they take is of no use then. */
async function withZeros(
  model: OnnxModel,
  matrices: readonly string[],
  places: readonly number[],
  axis: 0 | 1 = 0,
): Promise<OnnxModel> {
  const weights = new Map<string, { data: Uint8Array }>();
  for (const name of matrices) {
    const values = await floatsOf(tensorIn(model, name));
    const columns = tensorIn(model, name).shape[1] as number;
    for (const at of values.keys()) {
      const place = axis === 0 ? Math.floor(at / columns) : at % columns;
      if (places.includes(place)) values[at] = 0;
    }
    weights.set(name, { data: new Uint8Array(values.buffer) });
  }
  return withWeights(model, weights);
}

function tensorIn({ graph }: OnnxModel, name: string): OnnxTensor {
  const tensor = graph.initializers.get(name);
  if (!tensor) throw new Error(`no ${name}`);
  return tensor;
}

const matricesOf = ({ graph }: OnnxModel, rows: number, columns: number) =>
  [...graph.initializers.values()]
    .filter(({ shape }) => String(shape) === `${rows},${columns}`)
    .map(({ name }) => name);
const ids = {
  datatype: 'INT64' as const,
  shape: [2, 3],
  data: new Uint8Array(BigInt64Array.of(1n, 2n, 3n, 19n, 0n, 7n).buffer),
};

test('attention heads that are of no use go, and nothing changes', async () => {
  const whole = await read(smallTransformer({ layers: 2 }));
  // Of each layer the fourth matrix of 16 by 16 is behind the heads, which are of 4.
  const outputs = matricesOf(whole, 16, 16).filter((_name, place) => place % 4 === 3);
  const useless = await withZeros(whole, outputs, [4, 5, 6, 7]);
  const { model, ...counts } = await pruneHeads(useless, 0.25);
  expect(counts).toEqual({ layers: 2, kept: 6, of: 8 });
  expect(matricesOf(model, 16, 16)).toEqual([]);
  expect(matricesOf(model, 16, 12)).toHaveLength(6);
  expect(matricesOf(model, 12, 16)).toHaveLength(2);
  expectSame(await answer(model, { ids }), await answer(useless, { ids }));
});

const value = (name: string, size: number) => ({ name, datatype: 'FP32' as const, shape: ['N', size] });

test('hidden neurons that are of no use go, and nothing changes', async () => {
  const graph = new GraphBuilder();
  const row = () => graph.floats(graph.randoms(24, 1), [24]);
  // Gated, with a Gemm and a Gelu that is written out: neurons stay by themselves all the way.
  const gate = graph.node('Gemm', ['x', graph.weight(24, 6), row()], { transB: 1 });
  const halved = graph.node('Mul', [gate, graph.number(0.5)]);
  const gelu = graph.node('Mul', [graph.node('Add', [graph.node('Erf', [gate]), graph.number(1)]), halved]);
  const wide = graph.node('Mul', [gelu, graph.node('Add', [graph.node('MatMul', ['x', graph.weight(6, 24)]), row()])]);
  graph.node('MatMul', [wide, graph.weight(24, 5)], {}, 'y');
  const { nodes, initializers } = graph;
  const whole = await read({ inputs: [value('x', 6)], outputs: [value('y', 5)], nodes, initializers });
  const useless = await withZeros(whole, matricesOf(whole, 24, 5), [0, 3, 5, 20, 21, 23]);
  const { model, ...counts } = await pruneNeurons(useless, 0.25);
  expect(counts).toEqual({ layers: 1, kept: 18, of: 24 });
  const shapes = [...model.graph.initializers.values()]
    .map(({ shape }) => String(shape))
    .filter((shape) => shape !== '');
  expect(shapes.toSorted()).toEqual(['18', '18', '18,5', '18,6', '6,18']);
  const x = tensorOf('FP32', [3, 6], randoms([3, 6]));
  expectSame(await answer(model, { x }), await answer(useless, { x }));
});

const layerForms = {
  Gemm: (graph: GraphBuilder, input: string, from: number, to: number) => {
    const [matrix, bias] = [graph.weight(from, to), graph.floats(graph.randoms(to, 1), [to])];
    return { matrix, bias, axis: 0 as const, output: graph.node('Gemm', [input, matrix, bias]) };
  },
  'Gemm of turned matrices': (graph: GraphBuilder, input: string, from: number, to: number) => {
    const [matrix, bias] = [graph.weight(to, from), graph.floats(graph.randoms(to, 1), [to])];
    return { matrix, bias, axis: 1 as const, output: graph.node('Gemm', [input, matrix, bias], { transB: 1 }) };
  },
  'MatMul and Add': (graph: GraphBuilder, input: string, from: number, to: number) => {
    const [matrix, bias] = [graph.weight(from, to), graph.floats(graph.randoms(to, 1), [to])];
    const output = graph.node('Add', [graph.node('MatMul', [input, matrix]), bias]);
    return { matrix, bias, axis: 0 as const, output };
  },
};
const allForms = Object.values(layerForms);

test.each([
  ...Object.entries(layerForms).map(([name, form]) => [name, [form]] as const),
  ['each form in turn', allForms] as const,
  ['each form in turn, from the last', allForms.toReversed()] as const,
])(
  'of layers in a row, each loses neurons, and the model answers as without their weights: %s',
  async (_name, forms) => {
    const sizes = [6, 24, 20, 16, 12, 5];
    const activations = ['Relu', 'Sigmoid', 'Tanh', 'Softplus', 'Identity'];
    const graph = new GraphBuilder();
    let name = 'x';
    const layers = activations.map((activation, at) => {
      const form = forms[at % forms.length] as (typeof allForms)[number];
      const layer = form(graph, name, sizes[at] as number, sizes[at + 1] as number);
      name = graph.node(activation, [layer.output]);
      return layer;
    });
    graph.node('Identity', [name], {}, 'y');
    const { nodes, initializers } = graph;
    let whole = await read({ inputs: [value('x', 6)], outputs: [value('y', 5)], nodes, initializers });
    const { model, ...counts } = await pruneNeurons(whole, 0.25);
    expect(counts).toEqual({ layers: 4, kept: 18 + 15 + 12 + 9, of: 24 + 20 + 16 + 12 });
    const x = tensorOf('FP32', [3, 6], randoms([3, 6]));
    const answered = await answer(whole, { x });
    for (const [at, { bias }] of layers.slice(0, -1).entries()) {
      // No two numbers of a bias are the same, so those that are left say which neurons are.
      const kept = await floatsOf(tensorIn(model, bias));
      const gone = [...(await floatsOf(tensorIn(whole, bias)))].flatMap((each, place) =>
        kept.includes(each) ? [] : [place],
      );
      expect(gone).toHaveLength((sizes[at + 1] as number) / 4);
      const { matrix, axis } = layers[at + 1] as (typeof layers)[number];
      whole = await withZeros(whole, [matrix], gone, axis);
    }
    const wanted = await answer(whole, { x });
    expectSame(await answer(model, { x }), wanted);
    // They were of use.
    expect(Math.max(...wanted.map((each, place) => Math.abs(each - (answered[place] as number))))).toBeGreaterThan(
      0.01,
    );
  },
);

test('a row that a node takes twice is cut once, and a bias of one number for all neurons has none for each', async () => {
  const model = (biasSize: number) => {
    const graph = new GraphBuilder();
    const [bias, row] = [graph.floats(graph.randoms(biasSize, 1), [biasSize]), graph.floats(graph.randoms(8, 1), [8])];
    const hidden = graph.node('Max', [graph.node('Gemm', ['x', graph.weight(6, 8), bias]), row, row]);
    graph.node('MatMul', [hidden, graph.weight(8, 5)], {}, 'y');
    const { nodes, initializers } = graph;
    return read({ inputs: [value('x', 6)], outputs: [value('y', 5)], nodes, initializers });
  };
  const useless = await withZeros(await model(8), matricesOf(await model(8), 8, 5), [0, 3]);
  const { model: pruned, ...counts } = await pruneNeurons(useless, 0.25);
  expect(counts).toEqual({ layers: 1, kept: 6, of: 8 });
  const x = tensorOf('FP32', [3, 6], randoms([3, 6]));
  expectSame(await answer(pruned, { x }), await answer(useless, { x }));
  expect((await pruneNeurons(await model(1), 0.25)).layers).toBe(0);
});

test('weights that an old file names as inputs too are cut', async () => {
  const graph = new GraphBuilder();
  const before = graph.weight(6, 8);
  graph.node('MatMul', [graph.node('Relu', [graph.node('MatMul', ['x', before])]), graph.weight(8, 5)], {}, 'y');
  const { nodes, initializers } = graph;
  const inputs = [value('x', 6), { name: before, datatype: 'FP32' as const, shape: [6, 8] }];
  const whole = await read({ inputs, outputs: [value('y', 5)], nodes, initializers });
  const useless = await withZeros(whole, matricesOf(whole, 8, 5), [2, 7]);
  const { model } = await pruneNeurons(useless, 0.25);
  expect(tensorIn(model, before).shape).toEqual([6, 6]);
  const x = tensorOf('FP32', [3, 6], randoms([3, 6]));
  expectSame(await answer(model, { x }), await answer(useless, { x }));
});

test('neurons come in thirty-twos where they did', async () => {
  const whole = await read(smallTransformer({ layers: 2 }));
  expect((await pruneNeurons(whole, 0.5)).model).toBe(whole);
});

test('what something else reads too is left whole', async () => {
  const graph = smallTransformer({ layers: 2 });
  const hidden = graph.nodes.filter(({ op }) => op === 'Relu').map(({ outputs: [name = ''] }) => name);
  const mixed = graph.nodes.flatMap(({ op, inputs: [name = ''] }) => (op === 'Softmax' ? [name] : []));
  const shown = [...hidden, ...mixed].map((name) => ({ name, datatype: 'FP32' as const }));
  const whole = await read({ ...graph, outputs: [...graph.outputs, ...shown] });
  expect((await pruneNeurons(whole, 0.9)).layers).toBe(0);
  expect((await pruneHeads(whole, 0.5)).layers).toBe(0);
});

test('the smallest of each weight become 0, and rows and tables of one dimension do not', async () => {
  const whole = await read(smallTransformer({ layers: 1 }));
  const { graph } = zeroSmallest(whole, 0.5);
  for (const [name, { shape, data, dataType }] of graph.initializers) {
    if (dataType !== 1) continue;
    const [before, after] = [whole.graph.initializers.get(name)?.data, data];
    const [old, values] = await Promise.all(
      [before, after].map(async (each) => each && new Float32Array((await collectBytes(each)).slice().buffer)),
    );
    if (!old || !values) throw new Error(name);
    const zeros = values.filter((value) => value === 0).length;
    expect(zeros).toBe(shape.length > 1 ? values.length / 2 : 0);
    const gone = old.filter((_value, place) => values[place] === 0).map(Math.abs);
    const kept = values.filter((value) => value !== 0).map(Math.abs);
    if (gone.length > 0) expect(Math.max(...gone)).toBeLessThanOrEqual(Math.min(...kept));
  }
});

test('the softmax head is a model of its own', async () => {
  const head = softmaxHead(await read(smallTransformer({ layers: 2, classes: 3 })), undefined);
  expect(head?.model.graph.nodes.map(({ opType }) => opType)).toEqual(['MatMul', 'Add']);
  const features = tensorOf('FP32', [2, 16], randoms([2, 16]));
  expect(await answer(head?.model as OnnxModel, { [head?.features ?? '']: features })).toHaveLength(6);
  expect(softmaxHead(await read(smallTransformer({ layers: 2 })), undefined)).toBeUndefined();
});
