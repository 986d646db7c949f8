import { expect, test } from '@jest/globals';
import { readModel } from '../../../src/graph/read-model.ts';
import { planStages } from '../../../src/graph/split/plan-stages.ts';
import { splitModel } from '../../../src/graph/split/split-model.ts';
import { stageParts } from '../../../src/graph/split/stage-parts.ts';
import type { RandomAccess } from '../../../src/ports/random-access.ts';
import { GraphBuilder } from '../../fakes/graph-builder.ts';
import { buildOnnx, type OnnxGraph, type OnnxValue } from '../../fakes/onnx-builder.ts';

const best = async ([place]: readonly number[]) => place as number;
const value = (name: string): OnnxValue => ({ name, datatype: 'FP32', shape: ['N', 8] });

async function graphOf(build: (graph: GraphBuilder) => void, more: Partial<OnnxGraph> = {}) {
  const builder = new GraphBuilder();
  build(builder);
  const { nodes, initializers } = builder;
  const bytes = buildOnnx({ inputs: [value('x')], outputs: [value('y')], nodes, initializers, ...more });
  const source: RandomAccess = { size: bytes.length, read: async (at, length) => bytes.subarray(at, at + length) };
  return readModel(source);
}

/** Layers of 256 bytes each, the last of which gives `y`. */
function layers(graph: GraphBuilder, count: number, first = 'x') {
  let last = first;
  for (let layer = 1; layer <= count; layer += 1) {
    last = graph.node('MatMul', [last, graph.weight(8, 8)], {}, layer === count ? 'y' : `layer${layer}`);
  }
}

test('stages have about as many bytes', async () => {
  const { graph } = await graphOf((builder) => layers(builder, 6));
  expect(await planStages(graph, 3, best)).toEqual({ cuts: [2, 4], bytes: [512, 512, 512], uncut: [] });
});

test('a cut moves to where fewer tensors cross, by 8 % at most', async () => {
  const branches = (graph: GraphBuilder, count: number) => {
    const left = graph.node('MatMul', ['x', graph.weight(8, count)]);
    const sides = ['Neg', 'Abs', 'Exp'].map((operator) => graph.node(operator, [left]));
    // In the middle by bytes, where three tensors cross; all of them meet a little later.
    const scaled = graph.node('Mul', [sides[0] as string, graph.weight(1, 1)]);
    const met = graph.node('Sum', [scaled, sides[1] as string, sides[2] as string]);
    graph.node('MatMul', [met, graph.weight(count, 8)], {}, 'y');
  };
  const { graph } = await graphOf((builder) => branches(builder, 8));
  const ranked: (readonly number[])[] = [];
  const { cuts } = await planStages(graph, 2, (places) => {
    ranked.push(places);
    return best(places);
  });
  // Behind the first product one tensor crosses, and behind the sum.
  expect(cuts).toEqual([1]);
  expect(ranked[0]?.slice(0, 2)).toEqual([1, 6]);
});

test('a table larger than a share is told, and stays whole', async () => {
  const { graph } = await graphOf((builder) => {
    const wide = builder.node('MatMul', ['x', builder.weight(8, 100)]);
    layers(builder, 3, builder.node('MatMul', [wide, builder.weight(100, 8)]));
  });
  const plan = await planStages(graph, 3, best);
  expect(plan.uncut.map(({ bytes }) => bytes)).toEqual([3200, 3200]);
  expect(plan.bytes.reduce((sum, bytes) => sum + bytes)).toBe(2 * 3200 + 3 * 256);
  expect(Math.min(...plan.bytes)).toBeGreaterThan(0);
});

test('what works on constants alone makes no stage', async () => {
  const { graph } = await graphOf((builder) => {
    const held = builder.node('Neg', [builder.weight(8, 8)]);
    builder.node('MatMul', ['x', held], {}, 'y');
  });
  await expect(planStages(graph, 2, best)).rejects.toThrow(
    'it cannot be cut into 2 stages: 1 of its nodes work on what it is given',
  );
});

test('what is made of weights alone goes with whoever reads it, and defaults of inputs stay that', async () => {
  const model = await graphOf(
    (builder) => {
      const halved = builder.node('Neg', [builder.node('Abs', [builder.weight(8, 8)])]);
      const first = builder.node('MatMul', ['x', 'given'], {}, 'first');
      builder.node('MatMul', [first, halved], {}, 'y');
      builder.initializers.push({ name: 'given', datatype: 'FP32', shape: [8, 8], data: new Uint8Array(256) });
    },
    { inputs: [value('x'), { name: 'given', datatype: 'FP32', shape: [8, 8] }] },
  );
  const plan = await planStages(model.graph, 2, best);
  expect(plan).toEqual({ cuts: [3], bytes: [256, 256], uncut: [] });
  const stages = splitModel(model, stageParts(model.graph, plan.cuts), new Map());
  expect(
    stages.map(({ graph: { nodes, inputs, outputs } }) =>
      [inputs.map(({ name }) => name), nodes.map(({ opType }) => opType), outputs.map(({ name }) => name)].map(String),
    ),
  ).toEqual([
    ['x,given', 'MatMul', 'first'],
    ['first', 'Abs,Neg,MatMul', 'y'],
  ]);
});

test('stages take what a graph within them reads, constants along', async () => {
  const model = await graphOf((builder) => {
    const first = builder.node('MatMul', ['x', builder.weight(8, 8)], {}, 'first');
    const isSure = builder.node('Constant', [], { value: { tensor: yes } }, 'sure');
    const branch = (operator: string): OnnxGraph => ({
      inputs: [],
      outputs: [value('of')],
      nodes: [{ op: operator, inputs: ['first', 'x'], outputs: ['of'] }],
    });
    const second = builder.node('MatMul', [first, builder.weight(8, 8)], {}, 'second');
    const chosen = builder.node('If', [isSure], {
      then_branch: { graph: branch('Add') },
      else_branch: { graph: branch('Sub') },
    });
    builder.node('Add', [chosen, second], {}, 'y');
  });
  const parts = stageParts(model.graph, [model.graph.nodes.findIndex(({ opType }) => opType === 'If')]);
  expect(parts.map(({ inputs, outputs }) => ({ inputs, outputs }))).toEqual([
    { inputs: ['x'], outputs: ['first', 'second'] },
    { inputs: ['first', 'x', 'second'], outputs: ['y'] },
  ]);
  const [one, two] = splitModel(model, parts, new Map());
  expect(one?.graph.initializers.size).toBe(2);
  expect(two?.graph.initializers.size).toBe(0);
  expect(two?.graph.nodes.map(({ opType }) => opType)).toEqual(['Constant', 'If', 'Add']);
});

const yes = { name: 'yes', datatype: 'BOOL' as const, shape: [], data: new Uint8Array([1]) };
