import { expect, test } from '@jest/globals';
import { trainingGraphs } from '../../../src/graph/gradient/training-graphs.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { GraphBuilder } from '../../fakes/graph-builder.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { OpenModel } from './open-model.ts';

type Bend = (graph: GraphBuilder, x: string) => string;

const erf = (graph: GraphBuilder, argument: string) =>
  graph.node('Add', [graph.node('Erf', [argument]), graph.number(1)]);
const quotient: Bend = (graph, x) => erf(graph, graph.node('Div', [x, graph.number(Math.SQRT2)]));
const product: Bend = (graph, x) => erf(graph, graph.node('Mul', [graph.number(Math.SQRT1_2), x]));

/** A layer with something behind it: the loss and gradients of six rows, and the operators that give them. */
async function trained(bend: Bend, opset = 17) {
  const builder = new GraphBuilder();
  const bent = bend(builder, builder.node('MatMul', ['x', builder.weight(4, 8)]));
  const y = builder.node('MatMul', [bent, builder.weight(8, 2)]);
  const { nodes, initializers } = builder;
  const inputs = [{ name: 'x', datatype: 'FP32' as const, shape: ['N', 4] }];
  const outputs = [{ name: y, datatype: 'FP32' as const }];
  const model = await readModel(bytesAccess(buildOnnx({ inputs, outputs, nodes, initializers, opset })));
  const graphs = trainingGraphs(model, { loss: { kind: 'mean-squared-error' }, optimizer: { kind: 'sgd' } });
  const randoms = (shape: readonly [number, number]) =>
    floatTensor(shape, [...new GraphBuilder().randoms(shape[0] * shape[1], 2)]);
  const weights = graphs.parameters.map(({ tensor }) => [tensor.name, randoms(tensor.shape as [number, number])]);
  const open = await OpenModel.open(graphs.gradients);
  const feeds = { x: randoms([6, 4]), [graphs.target]: randoms([6, 2]), ...Object.fromEntries(weights) };
  const given = await open.run(feeds);
  await open.release();
  const told = [graphs.loss, ...graphs.parameters.map(({ gradient }) => gradient)];
  return {
    values: told.map((name) => [...new Float32Array(given[name]?.data.slice().buffer as ArrayBuffer)]),
    operators: graphs.gradients.graph.nodes.map(({ opType }) => opType),
  };
}

test.each<[string, Bend]>([
  ['x (1 + erf) / 2', (graph, x) => graph.node('Mul', [graph.node('Mul', [x, quotient(graph, x)]), graph.number(0.5)])],
  ['x / 2 (1 + erf)', (graph, x) => graph.node('Mul', [graph.node('Mul', [x, graph.number(0.5)]), product(graph, x)])],
  ['(1 + erf) / 2 x', (graph, x) => graph.node('Mul', [graph.node('Mul', [graph.number(0.5), quotient(graph, x)]), x])],
])('a GELU in parts, %s, has the gradients of the operator', async (_order, bend) => {
  const [parts, whole] = [await trained(bend), await trained((graph, x) => graph.node('Gelu', [x]), 20)];
  expect(parts.operators).toEqual(whole.operators);
  expect(parts.values).toEqual(whole.values);
});

test.each<[string, Bend]>([
  [
    'by another number',
    (graph, x) => graph.node('Mul', [graph.node('Mul', [x, quotient(graph, x)]), graph.number(0.6)]),
  ],
  [
    'of another width',
    (graph, x) => {
      const wide = erf(graph, graph.node('Div', [x, graph.number(1.5)]));
      return graph.node('Mul', [graph.node('Mul', [x, wide]), graph.number(0.5)]);
    },
  ],
  [
    'of another value',
    (graph, x) => {
      const other = graph.node('Neg', [x]);
      return graph.node('Mul', [graph.node('Mul', [other, quotient(graph, x)]), graph.number(0.5)]);
    },
  ],
  [
    'whose parts are read',
    (graph, x) => {
      const sum = quotient(graph, x);
      return graph.node('Add', [graph.node('Mul', [graph.node('Mul', [x, sum]), graph.number(0.5)]), sum]);
    },
  ],
])('what is no GELU, %s, stays as it is', async (_why, bend) => {
  expect((await trained(bend)).operators).not.toContain('Gelu');
});
