import { expect, test } from '@jest/globals';
import { keepLayers } from '../../../src/graph/layers/keep-layers.ts';
import { layersToKeep } from '../../../src/graph/layers/layers-to-keep.ts';
import { repeatedLayers } from '../../../src/graph/layers/repeated-layers.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { GraphBuilder } from '../../fakes/graph-builder.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';
import { smallTransformer } from '../../fakes/small-transformer.ts';
import { OpenModel } from '../gradient/open-model.ts';

const read = (graph: OnnxGraph) => readModel(bytesAccess(buildOnnx(graph)));
const ids = {
  datatype: 'INT64' as const,
  shape: [2, 3],
  data: new Uint8Array(BigInt64Array.of(1n, 2n, 3n, 19n, 0n, 7n).buffer),
};

async function answers(model: Awaited<ReturnType<typeof read>>) {
  const open = await OpenModel.open(model);
  const outputs = await open.run({ ids });
  await open.release();
  return Object.entries(outputs).map(([name, { data }]) => [name, Buffer.from(data).toString('hex')]);
}

test('blocks of a transformer are found, each with its own normalizations', async () => {
  const { graph } = await read(smallTransformer({ layers: 5 }));
  const layers = repeatedLayers(graph);
  expect(layers).toHaveLength(5);
  // The normalization of the words is no part of the first.
  const [first] = layers;
  expect(graph.nodes.find(({ outputs }) => outputs.includes(first?.input ?? ''))?.opType).toBe('LayerNormalization');
  for (const [place, { nodes, input, output }] of layers.entries()) {
    expect(nodes[0]?.opType).toBe('MatMul');
    expect(nodes.at(-1)?.outputs).toEqual([output]);
    if (place > 0) expect(input).toBe(layers[place - 1]?.output);
  }
});

test.each([[[0, 2, 4]], [[0]], [[1, 3]], [[4]]])(
  'a model of layers %j answers as one that never had others',
  async (kept) => {
    const whole = await read(smallTransformer({ layers: 5, classes: 3 }));
    const cut = keepLayers(whole, repeatedLayers(whole.graph), (layer) => kept.includes(layer));
    const built = await read(smallTransformer({ layers: 5, classes: 3, kept }));
    expect(await answers(cut)).toEqual(await answers(built));
    expect(cut.graph.nodes).toHaveLength(built.graph.nodes.length);
    const weights = [...cut.graph.initializers.keys()];
    expect(weights.length).toBeLessThan(whole.graph.initializers.size);
    const taken = new Set(cut.graph.nodes.flatMap(({ inputs }) => inputs));
    expect(weights.filter((name) => !taken.has(name))).toEqual([]);
  },
);

test('an output that the last layer gives keeps its name', async () => {
  const graph = smallTransformer({ layers: 3 });
  const last = graph.nodes.at(-2)?.outputs[0] as string;
  const nodes = graph.nodes.slice(0, -1);
  const outputs = [{ ...graph.outputs[0], name: last } as OnnxGraph['outputs'][number]];
  const whole = await read({ ...graph, nodes, outputs });
  const layers = repeatedLayers(whole.graph);
  expect(layers).toHaveLength(3);
  const [[name] = []] = await answers(keepLayers(whole, layers, (layer) => layer === 0));
  expect(name).toBe(last);
});

test('layers that give or take something else, and those without weights, are none', async () => {
  const graph = smallTransformer({ layers: 4 });
  const inner = graph.nodes.filter(({ op }) => op === 'Relu').map(({ outputs: [name = ''] }) => name);
  const value = (name: string) => ({ name, datatype: 'FP32' as const });
  // Each gives what callers see, as a decoder its caches.
  expect(repeatedLayers((await read({ ...graph, outputs: [...graph.outputs, ...inner.map(value)] })).graph)).toEqual(
    [],
  );
  const builder = new GraphBuilder();
  let last = 'x';
  for (let at = 0; at < 6; at += 1) last = builder.node('Neg', [builder.node('Tanh', [builder.node('Abs', [last])])]);
  const plain = { inputs: [value('x')], outputs: [value(last)], nodes: builder.nodes };
  expect(repeatedLayers((await read(plain)).graph)).toEqual([]);
});

test('a chain of nodes that are all alike ends the search', async () => {
  const value = (name: string) => ({ name, datatype: 'FP32' as const });
  const nodes = Array.from({ length: 1000 }, (_node, at) => ({
    op: 'Neg',
    inputs: [`v${at}`],
    outputs: [`v${at + 1}`],
  }));
  const { graph } = await read({ inputs: [value('v0')], outputs: [value('v1000')], nodes });
  expect(repeatedLayers(graph)).toEqual([]);
});

test('the first and the last layer are kept, and those evenly between them', () => {
  expect(layersToKeep(6, 3)).toEqual([0, 2, 5]);
  expect(layersToKeep(12, 4)).toEqual([0, 3, 7, 11]);
  expect(layersToKeep(6, 2)).toEqual([0, 5]);
  expect(layersToKeep(6, 1)).toEqual([0]);
  expect(layersToKeep(3, 3)).toEqual([0, 1, 2]);
});
