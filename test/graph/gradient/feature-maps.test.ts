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
  ['what is no constant', 'conv', (graph) => graph.node('Add', ['conv', 'x'], {}, 'y')],
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

test('maps of the last convolution come first', async () => {
  const maps = await mapsOf((graph, one) => {
    graph.node('Relu', ['conv'], {}, 'first');
    graph.node('Conv', ['first', graph.floats(Float32Array.of(1), [1, 1, 1, 1])], {}, 'again');
    graph.node('Add', ['again', one], {}, 'last');
    pooled(graph, 'last');
  });
  expect(maps).toEqual(['last', 'first']);
});
