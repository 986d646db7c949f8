import { expect, test } from '@jest/globals';
import { collectBytes } from '../../../src/graph/collect-bytes.ts';
import { withAllRows } from '../../../src/graph/gradient/with-all-rows.ts';
import { withRowsInUse } from '../../../src/graph/gradient/with-rows-in-use.ts';
import { wordTables } from '../../../src/graph/gradient/word-tables.ts';
import type { OnnxTensor } from '../../../src/graph/onnx-model.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { GraphBuilder } from '../../fakes/graph-builder.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';
import { runModel } from '../../fakes/run-model.ts';

const [count, width] = [9, 2];

/** A graph over a table of nine words, whose rows are 0 0, 1 1, … */
function modelOf(build: (graph: GraphBuilder, table: string) => string, more: Partial<OnnxGraph> = {}) {
  const graph = new GraphBuilder();
  const values = Float32Array.from({ length: count * width }, (_value, at) => Math.floor(at / width));
  const table = graph.floats(values, [count, width]);
  const { nodes, initializers } = graph;
  const last = build(graph, table);
  const outputs = [{ name: last, datatype: 'FP32' as const }];
  const inputs = ['ids', 'more'].map((name) => ({ name, datatype: 'INT64' as const, shape: ['N', 'L'] }));
  const bytes = buildOnnx({ inputs, outputs, nodes, initializers, opset: 20, ...more });
  return readModel(bytesAccess(bytes));
}

const plain = (graph: GraphBuilder, table: string) => graph.node('Gather', [table, 'ids']);
const ids = (...numbers: number[]): FixedTensor => ({
  datatype: 'INT64',
  shape: [1, numbers.length],
  data: new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer),
});
const use = async (model: Awaited<ReturnType<typeof modelOf>>, used: Readonly<Record<string, readonly number[]>>) =>
  withRowsInUse(
    model,
    (input) => used[input] && new Set(used[input]),
    () => true,
  );
const floats = ({ data }: FixedTensor) => [
  ...new Float32Array(data.buffer, data.byteOffset, data.length / Float32Array.BYTES_PER_ELEMENT),
];
const shapeOf = ({ initializers }: { initializers: ReadonlyMap<string, OnnxTensor> }) =>
  initializers.get('floats0')?.shape;

test('a table has the rows in use alone, gives the same, and fails for others; numbers below 0 count from the end', async () => {
  const model = await modelOf(plain);
  const { model: short, rows } = await use(model, { ids: [7, 2, -1] });
  expect([...rows]).toEqual([['floats0', [2, 7, 8]]]);
  expect(shapeOf(short.graph)).toEqual([3, width]);
  const [given] = await runModel(short, { ids: ids(-1, 2, 8, 7) });
  expect(floats(given as FixedTensor)).toEqual([8, 8, 2, 2, 8, 8, 7, 7]);
  await expect(runModel(short, { ids: ids(3) })).rejects.toThrow(/out of data bounds/);

  const learned = new Uint8Array(Float32Array.of(20, 20, 70, 70, 80, 80).buffer);
  const whole = await withAllRows(model, rows, new Map([['floats0', { data: learned }]]));
  const { data } = whole.get('floats0') as { data: Uint8Array };
  expect(floats({ datatype: 'FP32', shape: [], data })).toEqual(
    [0, 1, 20, 3, 4, 5, 6, 70, 80].flatMap((row) => [row, row]),
  );
  // What the model holds itself is as it was.
  const before = await collectBytes((model.graph.initializers.get('floats0') as OnnxTensor).data);
  expect(floats({ datatype: 'FP32', shape: [], data: before })[4]).toBe(2);
});

test('of several inputs all rows count, whatever their numbers go through', async () => {
  const model = await modelOf((graph, table) => {
    const casted = graph.node('Cast', ['ids'], { to: 6 });
    const flat = graph.node('Flatten', [graph.node('Reshape', ['more', graph.wholes([1, -1])])]);
    const [first, second] = [graph.node('Gather', [table, casted]), graph.node('Gather', [table, flat], { axis: -2 })];
    return graph.node('Add', [first, second]);
  });
  expect([...wordTables(model)]).toEqual([['floats0', new Set(['ids', 'more'])]]);
  const { model: short, rows } = await use(model, { ids: [1, 4], more: [4, 6] });
  expect(rows.get('floats0')).toEqual([1, 4, 6]);
  const [given] = await runModel(short, { ids: ids(1, 4), more: ids(4, 6) });
  expect(floats(given as FixedTensor)).toEqual([5, 5, 10, 10]);
});

test.each([
  [
    'weights of an output too',
    (graph, table) => {
      const vectors = plain(graph, table);
      return graph.node('MatMul', [vectors, graph.node('Transpose', [table], { perm: [1, 0] })]);
    },
  ],
  ['columns that are taken', (graph, table) => graph.node('Gather', [table, 'ids'], { axis: 1 })],
  ['numbers that are made', (graph, table) => graph.node('Gather', [table, graph.node('Add', ['ids', 'more'])])],
  [
    'numbers that become fewer',
    (graph, table) =>
      graph.node('Gather', [table, graph.node('Cast', [graph.node('Cast', ['ids'], { to: 9 })], { to: 7 })]),
  ],
  ['places of the graph’s own', (graph, table) => graph.node('Gather', [table, graph.wholes([1, 2])])],
] satisfies [string, (graph: GraphBuilder, table: string) => string][])(
  '%s leave a table whole',
  async (_what, build) => {
    const model = await modelOf(build);
    expect([...wordTables(model)]).toEqual([]);
    const { model: same, rows } = await use(model, { ids: [1], more: [1] });
    expect(rows.size).toBe(0);
    expect(same.graph.nodes).toEqual(model.graph.nodes);
  },
);

test('so do half of its rows, numbers that are not known or of no row, and a table that is frozen, or given from outside', async () => {
  const model = await modelOf(plain);
  const rowsOf = async (numbers: readonly number[] | undefined, isTrained = true) => {
    const numbersOf = () => numbers && new Set(numbers);
    return (await withRowsInUse(model, numbersOf, () => isTrained)).rows.get('floats0');
  };
  expect(await rowsOf([0, 1, 2, 3, 4])).toBeUndefined();
  expect(await rowsOf([0, 1, 2, 3])).toEqual([0, 1, 2, 3]);
  expect(await rowsOf([0, 1, 2, 3], false)).toBeUndefined();
  expect(await rowsOf(undefined)).toBeUndefined();
  expect(await rowsOf([1, 9])).toBeUndefined();
  expect(await rowsOf([-10])).toBeUndefined();
  const outside = [
    { name: 'ids', datatype: 'INT64' as const, shape: ['N', 'L'] },
    { name: 'floats0', datatype: 'FP32' as const, shape: [count, width] },
  ];
  expect([...wordTables(await modelOf(plain, { inputs: outside }))]).toEqual([]);
});

test('a table that a branch reads stays whole', async () => {
  const branch = (value: string): OnnxGraph => ({
    inputs: [],
    outputs: [{ name: value, datatype: 'FP32' }],
    nodes: [{ op: 'Gather', inputs: ['floats0', 'ids'], outputs: [value] }],
  });
  const model = await modelOf((graph) => {
    const isSmall = graph.node('Less', [graph.node('Size', ['ids']), graph.wholes([3], true)]);
    return graph.node('If', [isSmall], { then_branch: { graph: branch('a') }, else_branch: { graph: branch('b') } });
  });
  expect([...wordTables(model)]).toEqual([]);
});
