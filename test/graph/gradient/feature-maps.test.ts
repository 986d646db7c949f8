import { expect, test } from '@jest/globals';
import { featureMaps } from '../../../src/graph/gradient/feature-maps.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { GraphBuilder } from '../../fakes/graph-builder.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';

/** A graph whose convolution gives `conv`; what `build` adds reads it. */
async function mapsOf(build: (graph: GraphBuilder, one: string) => void): Promise<readonly string[]> {
  const graph = new GraphBuilder();
  const one = graph.number(1);
  graph.node('Conv', ['x', graph.floats(Float32Array.of(1), [1, 1, 1, 1])], {}, 'conv');
  build(graph, one);
  const { nodes, initializers } = graph;
  const inputs = [{ name: 'x', datatype: 'FP32' as const, shape: ['N', 1, 4, 4] }];
  const outputs = [{ name: 'y', datatype: 'FP32' as const }];
  return featureMaps(await readModel(bytesAccess(buildOnnx({ inputs, outputs, nodes, initializers }))));
}

const pooled = (graph: GraphBuilder, maps: string) => graph.node('GlobalAveragePool', [maps], {}, 'y');

test.each<[string, string, (graph: GraphBuilder, one: string) => void]>([
  ['a pool', 'conv', (graph) => pooled(graph, 'conv')],
  [
    'a bias and a Relu',
    'maps',
    (graph, one) => {
      graph.node('Add', [one, 'conv'], {}, 'biased');
      graph.node('Relu', ['biased'], {}, 'maps');
      pooled(graph, 'maps');
    },
  ],
  [
    'a normalization and a PRelu',
    'maps',
    (graph, one) => {
      graph.node('BatchNormalization', ['conv', one, one, one, one], {}, 'normal');
      graph.node('Sub', ['normal', one], {}, 'less');
      graph.node('PRelu', ['less', one], {}, 'maps');
      pooled(graph, 'maps');
    },
  ],
  [
    'a SiLU of two nodes',
    'maps',
    (graph) => {
      graph.node('Sigmoid', ['conv'], {}, 'gate');
      graph.node('Mul', ['conv', 'gate'], {}, 'maps');
      pooled(graph, 'maps');
    },
  ],
  [
    'a gate that something else reads',
    'conv',
    (graph) => {
      graph.node('Sigmoid', ['conv'], {}, 'gate');
      graph.node('Mul', ['conv', 'gate'], {}, 'product');
      graph.node('Add', ['product', 'gate'], {}, 'y');
    },
  ],
  ['what it is taken from', 'conv', (graph, one) => graph.node('Sub', [one, 'conv'], {}, 'y')],
  [
    'the sum with a shortcut, and its Relu',
    'maps',
    (graph) => {
      graph.node('Add', ['x', 'conv'], {}, 'sum');
      graph.node('Relu', ['sum'], {}, 'maps');
      pooled(graph, 'maps');
    },
  ],
  [
    'what is put beside it, and a normalization',
    'maps',
    (graph, one) => {
      graph.node('Concat', ['x', 'conv'], { axis: 1 }, 'both');
      graph.node('BatchNormalization', ['both', one, one, one, one], {}, 'maps');
      pooled(graph, 'maps');
    },
  ],
  ['what lies below it', 'conv', (graph) => graph.node('Concat', ['conv', 'x'], { axis: 2 }, 'y')],
  [
    'squeeze and excitation, whose convolutions have one place of each map',
    'maps',
    (graph, one) => {
      graph.node('ReduceMean', ['conv'], { axes: [2, 3], keepdims: 1 }, 'means');
      graph.node('Conv', ['means', graph.floats(Float32Array.of(1), [1, 1, 1, 1])], {}, 'squeezed');
      graph.node('Add', ['squeezed', one], {}, 'biased');
      graph.node('Sigmoid', ['biased'], {}, 'gate');
      graph.node('Mul', ['gate', 'conv'], {}, 'gated');
      graph.node('Add', ['gated', 'x'], {}, 'sum');
      graph.node('Relu', ['sum'], {}, 'maps');
      pooled(graph, 'maps');
    },
  ],
  [
    'a pool, and a convolution in place of a last layer',
    'conv',
    (graph) => {
      graph.node('GlobalAveragePool', ['conv'], {}, 'means');
      graph.node('Conv', ['means', graph.floats(Float32Array.of(1), [1, 1, 1, 1])], {}, 'y');
    },
  ],
  [
    'two readers',
    'active',
    (graph) => {
      graph.node('Relu', ['conv'], {}, 'active');
      graph.node('Relu', ['active'], {}, 'one');
      graph.node('Add', ['active', 'one'], {}, 'y');
    },
  ],
  ['an output of the model', 'y', (graph) => graph.node('Relu', ['conv'], {}, 'y')],
])('maps of a convolution before %s are %s', async (_before, expected, build) => {
  expect(await mapsOf(build)).toEqual([expected]);
});

test('convolutions that are added up have the same maps', async () => {
  const maps = await mapsOf((graph) => {
    graph.node('Conv', ['x', graph.floats(Float32Array.of(1), [1, 1, 1, 1])], {}, 'shortcut');
    graph.node('Add', ['conv', 'shortcut'], {}, 'sum');
    pooled(graph, 'sum');
  });
  expect(maps).toEqual(['sum']);
});

test('maps of the last convolution come first', async () => {
  const maps = await mapsOf((graph, one) => {
    graph.node('Relu', ['conv'], {}, 'first');
    graph.node('Conv', ['first', graph.floats(Float32Array.of(1), [1, 1, 1, 1])], {}, 'again');
    graph.node('Add', ['again', one], {}, 'last');
    pooled(graph, 'last');
  });
  expect(maps).toEqual(['last', 'first']);
});
