import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { collectBytes } from '../../src/graph/collect-bytes.ts';
import { encodeModel } from '../../src/graph/encode-model.ts';
import { GraphReader } from '../../src/graph/graph-reader.ts';
import type { OnnxModel } from '../../src/graph/onnx-model.ts';
import { type ProtobufField, ProtobufWalk } from '../../src/graph/protobuf-walk.ts';
import { readModel } from '../../src/graph/read-model.ts';
import type { StoredBytes } from '../../src/graph/stored-bytes.ts';
import { bytesAccess } from '../fakes/bytes-access.ts';
import { buildOnnx, type OnnxGraph } from '../fakes/onnx-builder.ts';

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const longs = (...values: bigint[]) => new Uint8Array(BigInt64Array.from(values).buffer);

const inner: OnnxGraph = {
  inputs: [],
  outputs: [{ name: 'z', datatype: 'FP32', shape: [2] }],
  nodes: [{ op: 'Identity', inputs: ['v'], outputs: ['z'] }],
  initializers: [{ name: 'v', datatype: 'FP32', shape: [2], data: floats(3, 4) }],
};
const graph: OnnxGraph = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['n', 2] }],
  outputs: [{ name: 'y', datatype: 'FP32' }],
  nodes: [
    {
      op: 'Everything',
      domain: 'com.microsoft',
      inputs: ['x', '', 'w'],
      outputs: ['y'],
      attributes: {
        axis: -1,
        mode: 'linear',
        perm: [1, 0],
        ends: [2 ** 31],
        words: ['a', 'ü'],
        alpha: { float: 0.1 },
        scales: { floats: [1, 0.3] },
        value: { tensor: { name: 'c', datatype: 'INT64', shape: [1], data: longs(-5n) } },
        body: { graph: inner },
      },
    },
  ],
  initializers: [
    { name: 'w', datatype: 'FP32', shape: [1000], data: new Uint8Array(4000).fill(7) },
    { name: 't', datatype: 'BYTES', shape: [2], data: ['one', 'two'] },
  ],
};

/** A field of bytes; of number 1,000 and more nothing is known. */
function field(number: number, ...parts: (string | Uint8Array)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) | (rest > 127 ? 128 : 0));
    if (rest <= 127) return Buffer.from(bytes);
  }
}

const whole = (number: number, value: number) => Buffer.concat([varint(number * 8), varint(value)]);
const read = (bytes: Uint8Array) => readModel(bytesAccess(bytes));
const written = async (model: OnnxModel) => collectBytes(encodeModel(model).file);
const tensorOf = async (...fields: Uint8Array[]) => {
  const { graph: held } = await read(field(7, field(5, field(8, 'w'), ...fields)));
  return collectBytes(held.initializers.get('w')?.data as StoredBytes);
};

test('a model is read as what it is', async () => {
  const model = await read(buildOnnx(graph));
  expect(model).toMatchObject({ irVersion: 8, producerName: 'tensorgate-test' });
  expect([...model.opsets]).toEqual([
    ['', 17],
    ['ai.onnx.ml', 3],
    ['com.microsoft', 1],
  ]);
  expect(model.graph.inputs).toMatchObject([{ name: 'x', type: { dataType: 1, shape: ['n', 2] } }]);
  expect(model.graph.outputs).toMatchObject([{ name: 'y', type: { dataType: 1 } }]);
  expect(model.graph.outputs[0]?.type?.shape).toBeUndefined();
  const [node] = model.graph.nodes;
  expect(node).toMatchObject({
    name: 'Everything_y',
    opType: 'Everything',
    domain: 'com.microsoft',
    inputs: ['x', '', 'w'],
    outputs: ['y'],
  });
  expect(Object.fromEntries(node?.attributes ?? [])).toMatchObject({
    axis: { kind: 'int', value: -1 },
    mode: { kind: 'text', value: 'linear' },
    perm: { kind: 'ints', value: [1, 0] },
    ends: { kind: 'ints', value: [2 ** 31] },
    words: { kind: 'texts', value: ['a', 'ü'] },
    alpha: { kind: 'float', value: Math.fround(0.1) },
    scales: { kind: 'floats', value: [1, Math.fround(0.3)] },
    value: { kind: 'tensor', value: { dataType: 7, shape: [1], data: { held: longs(-5n) } } },
    body: { kind: 'graph', value: { nodes: [{ opType: 'Identity' }] } },
  });
  const weights = model.graph.initializers.get('w');
  expect(weights).toMatchObject({ dataType: 1, shape: [1000], data: { length: 4000 } });
  expect(weights?.data.held).toBeUndefined();
  expect(await collectBytes(weights?.data as StoredBytes)).toEqual(Buffer.alloc(4000, 7));
});

test('what was read is written in as many bytes, and the same ones when it was written before', async () => {
  const bytes = buildOnnx(graph);
  const once = await written(await read(bytes));
  const twice = await written(await read(once));
  expect(Buffer.from(twice).equals(once)).toBe(true);
  // The inner node's domain, which is empty, is left out.
  expect(bytes.length - once.length).toBe(2);
});

test.each([
  ['the model', (unknown: Buffer) => Buffer.concat([buildOnnx(graph), unknown])],
  ['a graph', (unknown: Buffer) => field(7, unknown)],
  ['a node', (unknown: Buffer) => field(7, field(1, unknown))],
  ['an attribute', (unknown: Buffer) => field(7, field(1, field(5, whole(3, 4), unknown)))],
  ['an attribute with a tensor', (unknown: Buffer) => field(7, field(1, field(5, field(5, ''), unknown)))],
  ['a tensor', (unknown: Buffer) => field(7, field(5, whole(1, 0), whole(2, 1), unknown))],
  ['a sparse tensor', (unknown: Buffer) => field(7, field(15, unknown))],
  ['an input', (unknown: Buffer) => field(7, field(11, field(2, unknown)))],
  ['a function', (unknown: Buffer) => field(25, unknown)],
  ['training', (unknown: Buffer) => field(20, unknown)],
  ['a training graph', (unknown: Buffer) => field(20, field(1, unknown))],
])('fields of %s that nobody knows are written as they came', async (_where, place) => {
  const long = field(1000, new Uint8Array(100_000).fill(5));
  const unknown = Buffer.concat([whole(999, 12), long, field(1001, 'more')]);
  const bytes = await written(await read(place(unknown)));
  expect(Buffer.from(bytes).includes(unknown)).toBe(true);
});

describe('elements', () => {
  test.each([
    ['raw', [whole(1, 2), whole(2, 1), field(9, floats(1.5, -2))], floats(1.5, -2)],
    ['floats', [whole(1, 2), whole(2, 1), field(4, floats(1.5, -2))], floats(1.5, -2)],
    ['floats one by one', [whole(1, 2), whole(2, 1), varint(37), floats(1.5), varint(37), floats(-2)], floats(1.5, -2)],
    ['longs', [whole(1, 2), whole(2, 7), field(7, varint(300), Buffer.alloc(9, 0xff), varint(1))], longs(300n, -1n)],
    ['longs one by one', [whole(1, 2), whole(2, 7), whole(7, 1), whole(7, 2 ** 40)], longs(1n, 2n ** 40n)],
    [
      'bytes in integers',
      [field(1, varint(3)), whole(2, 2), field(5, varint(1), varint(255), varint(7))],
      Uint8Array.of(1, 255, 7),
    ],
    ['halves in integers', [whole(1, 1), whole(2, 10), field(5, varint(0x3c00))], Uint8Array.of(0, 0x3c)],
    ['four bits in integers', [whole(1, 3), whole(2, 21), field(5, varint(0x21), varint(3))], Uint8Array.of(0x21, 3)],
    [
      'unsigned in longs',
      [whole(1, 1), whole(2, 12), field(11, varint(2 ** 32 - 1))],
      Uint8Array.of(255, 255, 255, 255),
    ],
    ['none', [whole(1, 0), whole(2, 1)], new Uint8Array()],
    ['a scalar', [whole(2, 3), field(5, varint(9))], Uint8Array.of(9)],
  ])('%s are given as raw ones', async (_form, fields, expected) => {
    expect(Buffer.from(await tensorOf(...fields)).equals(expected)).toBe(true);
  });

  test('many integers are read a piece at a time, and are as many as the shape says', async () => {
    // -300 takes ten bytes: where a piece of 8 MiB ends, one goes on in the next.
    const count = 850_000;
    const values = Buffer.alloc(count * 10, Uint8Array.of(0xd4, 0xfd, ...Array(7).fill(0xff), 1));
    const bytes = await tensorOf(whole(1, count), whole(2, 7), field(7, values));
    const numbers = new BigInt64Array(bytes.buffer);
    expect(numbers.length).toBe(count);
    expect(numbers.every((value) => value === -300n)).toBe(true);
    await expect(tensorOf(whole(1, count - 1), whole(2, 7), field(7, values))).rejects.toThrow('elements as its shape');
  });

  test.each([
    ['too few bytes', [whole(1, 3), whole(2, 1), field(9, floats(1, 2))], 'has 8 bytes where its shape asks for 12'],
    ['none where there should be some', [whole(1, 3), whole(2, 1)], 'has 0 bytes where its shape asks for 12'],
    ['a shape of more than can be counted', [whole(1, 2 ** 40), whole(1, 2 ** 40), whole(2, 1)], 'has the shape'],
    ['too few integers', [whole(1, 3), whole(2, 7), field(7, varint(1))], 'not as many elements as its shape'],
    ['two fields', [whole(1, 1), whole(2, 1), field(4, floats(1)), field(7, varint(1))], 'elements in two fields'],
  ])('are refused with %s', async (_what, fields, reason) => {
    await expect(tensorOf(...fields)).rejects.toThrow(reason);
  });
});

describe('external data', () => {
  const entry = (key: string, value: string) => field(13, field(1, key), field(2, value));
  const external = (...entries: Buffer[]) =>
    field(7, field(5, whole(1, 2), whole(2, 1), field(8, 'w'), entry('location', 'w.bin'), ...entries, whole(14, 1)));
  const file = bytesAccess(Buffer.concat([Buffer.alloc(4), floats(1, 2)]));
  const readWith = (bytes: Uint8Array) => readModel(bytesAccess(bytes), async () => file);

  test('is read from where it is said to be', async () => {
    const model = await readWith(external(entry('offset', '4'), entry('length', '8')));
    expect(
      Buffer.from(await collectBytes(model.graph.initializers.get('w')?.data as StoredBytes)).equals(floats(1, 2)),
    ).toBe(true);
  });

  test('that was not opened cannot be read, and all else can', async () => {
    const tensor = (await read(external())).graph.initializers.get('w');
    expect(tensor).toMatchObject({ location: 'w.bin', data: { length: 8 } });
    await expect(collectBytes(tensor?.data as StoredBytes)).rejects.toThrow("external data 'w.bin' was not opened");
  });

  test.each([
    ['past the end', [entry('offset', '8')], 'ends before offset 8 and 8 bytes'],
    ['at a place that is no number', [entry('offset', '-4')], 'has offset -4'],
    ['of another length than the shape', [entry('length', '4')], 'length 4 where 8 bytes are asked for'],
    ['said twice', [entry('location', '../x')], "two entries 'location'"],
  ])('%s is refused', async (_what, entries, reason) => {
    await expect(readWith(external(...entries))).rejects.toThrow(reason);
  });

  test('may be shared, but not so that little becomes much', async () => {
    const large = bytesAccess(new Uint8Array(100_000));
    const much = (count: number) =>
      field(
        7,
        ...Array.from({ length: count }, (_item, index) =>
          field(5, whole(1, 100_000), whole(2, 2), field(8, `w${index}`), entry('location', 'w.bin'), whole(14, 1)),
        ),
      );
    expect((await readModel(bytesAccess(much(8)), async () => large)).graph.initializers.size).toBe(8);
    await expect(readModel(bytesAccess(much(9)), async () => large)).rejects.toThrow(
      'its tensors ask for 900000 bytes of external data of 100000',
    );
  });

  test('holds what is not small, each from the beginning of a page', async () => {
    const { file: main, data } = encodeModel(
      await read(
        buildOnnx({
          ...graph,
          initializers: [
            ...(graph.initializers ?? []),
            { name: 'u', datatype: 'UINT8', shape: [5000], data: new Uint8Array(5000).fill(9) },
          ],
        }),
      ),
      { location: 'm.data' },
    );
    expect(data.length).toBe(4096 + 5000);
    const model = await readModel(bytesAccess(await collectBytes(main)), async (location) => {
      expect(location).toBe('m.data');
      return bytesAccess(await collectBytes(data));
    });
    expect([...model.graph.initializers.values()].map(({ location }) => location)).toEqual([
      'm.data',
      undefined,
      'm.data',
    ]);
    expect(Buffer.from(await collectBytes(model.graph.initializers.get('u')?.data as StoredBytes))).toEqual(
      Buffer.alloc(5000, 9),
    );
  });
});

test('whatever the bytes, a file is read or refused, and what was read can be written and read again', async () => {
  const bytes = Buffer.concat([buildOnnx(graph), field(25, field(7, field(4, 'f'))), field(20, field(1, ''))]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        const content = Uint8Array.from(bytes);
        for (const [at, byte] of changes) content[at] = byte;
        const model = await read(content).catch((error: Error) => error);
        if (model instanceof Error) {
          expect(model.message).toMatch(/^not an ONNX file, or a damaged one \(/);
          return;
        }
        const once = await written(model);
        expect(Buffer.from(await written(await read(once))).equals(once)).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

describe('a file with too many parts', () => {
  const mostParts = 1_000_000;

  test('is refused, whatever its size', async () => {
    const bytes = field(7, Buffer.alloc(3_000_000, field(1, Buffer.alloc(60, field(1)))));
    await expect(read(bytes)).rejects.toThrow('it has too many parts');
  }, 60_000);

  test.each([
    ['nodes', field(1), 1],
    ['attributes', field(1, field(5)), 2],
    ['inputs of nodes', field(1, field(1), field(1)), 3],
    ['outputs of nodes', field(1, field(2), field(2)), 3],
    ['fields of nodes that nobody knows', field(1, whole(999, 1)), 3],
    ['tensors', field(5, whole(2, 8), field(8, 'w')), 1],
    ['inputs', field(11), 1],
  ])('may be one of too many %s', async (_what, part, parts) => {
    const readAfter = (others: number) => {
      const walk = new ProtobufWalk(bytesAccess(part));
      for (let count = 0; count < others; count += 1) walk.keep();
      return new GraphReader(walk, undefined).graph({ start: 0, end: part.length } as ProtobufField);
    };
    await expect(readAfter(mostParts - parts)).resolves.toBeDefined();
    await expect(readAfter(mostParts - parts + 1)).rejects.toThrow('it has too many parts');
  });
});

test('a size below 0 is free, as some exporters write it', async () => {
  const inputs = [{ name: 'x', datatype: 'FP32' as const, shape: [-1, 2] }];
  const nodes = [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }];
  const bytes = buildOnnx({ inputs, outputs: [{ name: 'y', datatype: 'FP32' }], nodes });
  const { graph } = await readModel(bytesAccess(bytes));
  expect(graph.inputs[0]?.type?.shape).toEqual([undefined, 2]);
});
