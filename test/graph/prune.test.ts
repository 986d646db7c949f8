import { expect, test } from '@jest/globals';
import { collectBytes } from '../../src/graph/collect-bytes.ts';
import type { OnnxModel } from '../../src/graph/onnx-model.ts';
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

/** Rows of matrices that become 0: what they take is of no use then. */
async function withoutRows(model: OnnxModel, matrices: readonly string[], rows: readonly number[]): Promise<OnnxModel> {
  const weights = new Map<string, { data: Uint8Array }>();
  for (const name of matrices) {
    const tensor = model.graph.initializers.get(name);
    if (!tensor) throw new Error(`no ${name}`);
    const data = (await collectBytes(tensor.data)).slice();
    const bytes = 4 * (tensor.shape[1] as number);
    for (const row of rows) data.fill(0, row * bytes, (row + 1) * bytes);
    weights.set(name, { data });
  }
  return withWeights(model, weights);
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
  const useless = await withoutRows(whole, outputs, [4, 5, 6, 7]);
  const { model, ...counts } = await pruneHeads(useless, 0.25);
  expect(counts).toEqual({ layers: 2, kept: 6, of: 8 });
  expect(matricesOf(model, 16, 16)).toEqual([]);
  expect(matricesOf(model, 16, 12)).toHaveLength(6);
  expect(matricesOf(model, 12, 16)).toHaveLength(2);
  expectSame(await answer(model, { ids }), await answer(useless, { ids }));
});

test('hidden neurons that are of no use go, and nothing changes', async () => {
  const value = (name: string, size: number) => ({ name, datatype: 'FP32' as const, shape: ['N', size] });
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
  const useless = await withoutRows(whole, matricesOf(whole, 24, 5), [0, 3, 5, 20, 21, 23]);
  const { model, ...counts } = await pruneNeurons(useless, 0.25);
  expect(counts).toEqual({ layers: 1, kept: 18, of: 24 });
  const shapes = [...model.graph.initializers.values()]
    .map(({ shape }) => String(shape))
    .filter((shape) => shape !== '');
  expect(shapes.toSorted()).toEqual(['18', '18', '18,5', '18,6', '6,18']);
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
