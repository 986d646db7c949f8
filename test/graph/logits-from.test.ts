import { describe, expect, test } from '@jest/globals';
import { firstLogits } from '../../src/graph/first-logits.ts';
import type { OnnxModel } from '../../src/graph/onnx-model.ts';
import { logitsFrom } from '../../src/graph/passes/logits-from.ts';
import { readModel } from '../../src/graph/read-model.ts';
import type { SessionOutput } from '../../src/ports/session.ts';
import type { OutputTensor } from '../../src/protocol/inference.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { bytesAccess } from '../fakes/bytes-access.ts';
import { GraphBuilder } from '../fakes/graph-builder.ts';
import { buildOnnx, type OnnxGraph, type OnnxNode, type OnnxValue } from '../fakes/onnx-builder.ts';
import { runModel } from '../fakes/run-model.ts';

const [sequences, tokens, size, vocabulary] = [2, 5, 32, 7];
const random = new GraphBuilder();
const states: Tensor = {
  datatype: 'FP32',
  shape: [sequences, tokens, size],
  data: new Uint8Array(random.randoms(sequences * tokens * size, 1).buffer),
};
const from = (token: number): Tensor => ({
  datatype: 'INT64',
  shape: [1],
  data: new Uint8Array(BigInt64Array.of(BigInt(token)).buffer),
});

/** Adds nodes from `states` to `logits`. */
type Head = (graph: GraphBuilder) => void;

const weight = (graph: GraphBuilder) => graph.weight(size, vocabulary);
const bias = (graph: GraphBuilder) => graph.floats(graph.randoms(vocabulary, 1), [vocabulary]);
const product = (graph: GraphBuilder, output?: string) => graph.node('MatMul', ['states', weight(graph)], {}, output);
const halfLogits: OnnxValue = { name: 'logits', datatype: 'FP16', shape: ['s', 't', vocabulary] };
const int8 = (graph: GraphBuilder, values: Int8Array<ArrayBuffer>, shape: readonly number[]) => {
  const name = `int8${graph.initializers.length}`;
  graph.initializers.push({ name, datatype: 'INT8', shape, data: new Uint8Array(values.buffer) });
  return name;
};
const wholeWeight = (graph: GraphBuilder) =>
  int8(graph, Int8Array.from(graph.randoms(size * vocabulary, 63), Math.round), [size, vocabulary]);

const known: readonly (readonly [string, Head, OnnxValue?])[] = [
  ['a product', (graph) => product(graph, 'logits')],
  [
    'weights of 4 bits',
    (graph) => {
      const packed = Uint8Array.from(graph.randoms((vocabulary * size) / 2, 128), (number) => number & 255);
      const scales = graph.floats(graph.randoms(vocabulary, 1), [vocabulary]);
      const attributes = { K: size, N: vocabulary, bits: 4, block_size: 32, accuracy_level: 4 };
      const inputs = ['states', graph.bytes(packed, [vocabulary, 1, 16]), scales];
      graph.node('com.microsoft.MatMulNBits', inputs, attributes, 'logits');
    },
  ],
  ['a bias, and another type', (graph) => cast(graph, graph.node('Add', [product(graph), bias(graph)])), halfLogits],
  [
    'a cap',
    (graph) => {
      const capped = graph.node('Tanh', [graph.node('Div', [product(graph), graph.number(30)])]);
      graph.node('Mul', [graph.number(30), capped], {}, 'logits');
    },
  ],
  [
    'the words of the beginning, turned',
    (graph) => {
      const words = graph.floats(graph.randoms(size * vocabulary, 1), [vocabulary, size]);
      graph.node('MatMul', ['states', graph.node('Transpose', [words])], {}, 'logits');
    },
  ],
  [
    'numbers of 8 bits with scales of the file',
    (graph) => {
      const zero = int8(graph, Int8Array.of(0), []);
      const scale = (values: number) => graph.number(values);
      const quantized = graph.node('QuantizeLinear', ['states', scale(0.01), zero]);
      const held = graph.node('DequantizeLinear', [quantized, scale(0.01), zero]);
      const matrix = graph.node('DequantizeLinear', [wholeWeight(graph), scale(0.02), zero]);
      const sum = graph.node('QuantizeLinear', [graph.node('MatMul', [held, matrix]), scale(0.2), zero]);
      graph.node('DequantizeLinear', [sum, scale(0.2), zero], {}, 'logits');
    },
  ],
  [
    'numbers of 8 bits with scales of the run',
    (graph) => {
      const [values = '', scale = '', zero = ''] = graph.nodesWith(
        'DynamicQuantizeLinear',
        ['states'],
        ['q', 's', 'z'],
      );
      const sum = graph.node('MatMulInteger', [values, wholeWeight(graph), zero]);
      const scales = graph.node('Mul', [scale, bias(graph)]);
      graph.node('Mul', [graph.node('Cast', [sum], { to: 1 }), scales], {}, 'logits');
    },
  ],
];

describe.each(known)('logits by %s', (_name, head, output) => {
  const read = () => modelOf(head, output ? { outputs: [output] } : {});

  test('are made of the last tokens alone where that is asked, and of all else', async () => {
    const before = await read();
    const after = logitsFrom(before);
    const all = numbers(await run(before));
    expect(numbers(await run(after))).toEqual(all);
    for (const first of [3, tokens - 1]) {
      const outputs = await run(after, first);
      expect(outputs[0]?.shape).toEqual([sequences, tokens - first, vocabulary]);
      const expected = all.filter((_, place) => Math.floor(place / vocabulary) % tokens >= first);
      // Sums of fewer rows may be made in another order.
      const apart = numbers(outputs).map((number, place) => Math.abs(number - (expected[place] as number)));
      expect(Math.max(...apart)).toBeLessThan(1e-3);
    }
  });

  test('a second time changes nothing', async () => {
    const after = logitsFrom(await read());
    expect(logitsFrom(after)).toBe(after);
  });
});

test('what else reads the states has those of all tokens', async () => {
  const twice = [value('twice', [sequences, 't', size])];
  const model = await modelOf(
    (graph) => {
      graph.node('Add', ['states', 'states'], {}, 'twice');
      product(graph, 'logits');
    },
    { outputs: [value('logits', ['s', 't', vocabulary]), ...twice] },
  );
  const [some, both] = await run(logitsFrom(model), 4);
  expect([some?.shape, both?.shape]).toEqual([
    [sequences, 1, vocabulary],
    [sequences, tokens, size],
  ]);
});

const branch = (output: string): OnnxGraph => ({
  inputs: [],
  outputs: [{ name: output, datatype: 'FP32' }],
  nodes: [{ op: 'MatMul', inputs: ['states', 'matrix'], outputs: [output] }],
});

const unknown: readonly (readonly [string, Head, Partial<OnnxGraph>?])[] = [
  [
    'two graphs merged to one',
    (graph) => {
      graph.initializers.push({
        name: 'matrix',
        datatype: 'FP32',
        shape: [size, vocabulary],
        data: new Uint8Array(graph.randoms(size * vocabulary, 1).buffer),
      });
      graph.initializers.push({ name: 'which', datatype: 'BOOL', shape: [], data: Uint8Array.of(1) });
      const branches = { then_branch: { graph: branch('one') }, else_branch: { graph: branch('other') } };
      graph.node('If', ['which'], branches, 'logits');
    },
  ],
  [
    'logits that are read by more than who runs it',
    (graph) => void graph.node('ArgMax', [product(graph, 'logits')], { axis: -1 }, 'best'),
    { outputs: [value('logits', ['s', 't', vocabulary]), { name: 'best', datatype: 'INT64', shape: ['s', 't', 1] }] },
  ],
  [
    'a product that others read',
    (graph) => {
      graph.node('Identity', [graph.node('Add', [product(graph, 'made'), bias(graph)])], {}, 'logits');
      graph.node('ReduceMax', ['made'], {}, 'most');
    },
    { outputs: [value('logits', ['s', 't', vocabulary]), value('most', [1, 1, 1])] },
  ],
  ['what mixes tokens', (graph) => void graph.node('CumSum', [product(graph), graph.wholes([1], true)], {}, 'logits')],
  [
    'what differs by token',
    (graph) => {
      const each = graph.floats(graph.randoms(tokens * vocabulary, 1), [1, tokens, vocabulary]);
      graph.node('Add', [product(graph), each], {}, 'logits');
    },
  ],
  [
    'a matrix of the run',
    (graph) =>
      void graph.node('MatMul', ['states', graph.node('Transpose', ['states'], { perm: [0, 2, 1] })], {}, 'logits'),
    { outputs: [value('logits', ['s', 't', tokens])] },
  ],
  [
    'tokens of all sequences in one row',
    (graph) => {
      const flat = graph.node('Reshape', ['states', graph.wholes([-1, size])]);
      graph.node('MatMul', [flat, weight(graph)], {}, 'logits');
    },
    { outputs: [value('logits', ['t', vocabulary])] },
  ],
  [
    'no product',
    (graph) => void graph.node('Tanh', ['states'], {}, 'logits'),
    { outputs: [value('logits', ['s', 't', size])] },
  ],
  [
    'a model that is told already',
    (graph) => product(graph, 'logits'),
    { inputs: [value('states', ['s', 't', size]), { name: 'num_logits_to_keep', datatype: 'INT64', shape: [] }] },
  ],
  ['operators that take no such place', (graph) => product(graph, 'logits'), { opset: 9 }],
];

describe.each(unknown)('%s', (_name, head, more) => {
  test('leaves the model as it is', async () => {
    const model = await modelOf(head, more);
    expect(logitsFrom(model)).toBe(model);
  });
});

test('a format in which initializers are no defaults leaves the model as it is', async () => {
  const model = { ...(await modelOf((graph) => product(graph, 'logits'))), irVersion: 3 };
  expect(logitsFrom(model)).toBe(model);
});

function cast(graph: GraphBuilder, input: string): void {
  graph.node('Cast', [input], { to: 10 }, 'logits');
}

function value(name: string, shape: readonly (number | string)[]): OnnxValue {
  return { name, datatype: 'FP32', shape };
}

function modelOf(head: Head, more: Partial<OnnxGraph> = {}): Promise<OnnxModel> {
  const graph = new GraphBuilder();
  head(graph);
  const nodes: readonly OnnxNode[] = graph.nodes;
  const bytes = buildOnnx({
    inputs: [value('states', ['s', 't', size])],
    outputs: [value('logits', ['s', 't', vocabulary])],
    nodes,
    initializers: graph.initializers,
    ...more,
  });
  return readModel(bytesAccess(bytes));
}

function run(model: OnnxModel, first?: number) {
  return runModel(model, { states, ...(first === undefined ? {} : { [firstLogits]: from(first) }) });
}

/** The elements of the first of some outputs. */
function numbers([output]: readonly SessionOutput[]): readonly number[] {
  const { data, datatype } = output as OutputTensor & { data: Uint8Array };
  const buffer = Uint8Array.from(data).buffer;
  return Array.from(datatype === 'FP16' ? new Float16Array(buffer) : new Float32Array(buffer));
}
