import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openSessionWith } from '../../src/adapters/open-session.ts';
import type { Run, Session } from '../../src/ports/session.ts';
import type { FixedDatatype } from '../../src/protocol/datatype.ts';
import { elementBytes } from '../../src/protocol/element-bytes.ts';
import type { FixedTensor, Tensor } from '../../src/protocol/tensor.ts';
import type { OnnxGraph } from '../fakes/onnx-builder.ts';
import { addModel, gatherModel, identityModel, nonZeroModel, removeModels, slowModel, writeModel } from './models.ts';

const open = {
  native: openSessionWith('native'),
  binding: openSessionWith('binding'),
};
const options = { intraOpThreads: 1 };

const float = (values: number[], shape: number[] = [values.length]): Tensor => ({
  datatype: 'FP32',
  shape,
  data: new Uint8Array(new Float32Array(values).buffer),
});
const int64 = (values: bigint[]): Tensor => ({
  datatype: 'INT64',
  shape: [values.length],
  data: new Uint8Array(new BigInt64Array(values).buffer),
});
const text = (...values: string[]): Tensor => ({
  datatype: 'BYTES',
  shape: [values.length],
  data: values.map((value) => new TextEncoder().encode(value)),
});
const feed = (inputs: Record<string, Tensor>, ...outputNames: string[]): Run => ({
  inputNames: Object.keys(inputs),
  inputs: Object.values(inputs),
  outputNames,
});
const plain = (tensor: Tensor | undefined) => ({
  shape: tensor?.shape,
  datatype: tensor?.datatype,
  data:
    tensor?.datatype === 'BYTES' ? tensor.data.map((item) => Buffer.from(item).toString('hex')) : tensor && hex(tensor),
});
const hex = (tensor: Tensor) => Buffer.from(tensor.data as Uint8Array).toString('hex');

afterAll(removeModels);

describe.each(['native', 'binding'] as const)('the %s engine', (engine) => {
  const withModel = async (graph: OnnxGraph, work: (session: Session) => Promise<void>) => {
    const session = await open[engine](writeModel(graph), options);
    try {
      await work(session);
    } finally {
      await session.release();
    }
  };
  /** Runs three times, as the second and third run can take shorter paths, and both ways where the engine has both. */
  const runAll = async (session: Session, run: Run) => {
    const outputs = await session.run(run);
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect((await session.run(run)).map(plain)).toEqual(outputs.map(plain));
      if (session.runSync) expect(session.runSync(run).map(plain)).toEqual(outputs.map(plain));
    }
    return outputs;
  };

  const datatypes = (Object.keys(elementBytes) as FixedDatatype[]).filter(
    (datatype) => engine === 'native' || datatype !== 'BF16',
  );

  test.each(datatypes)('passes %s through bit for bit', async (datatype) => {
    await withModel(identityModel(datatype, 2), async (session) => {
      const length = 6 * elementBytes[datatype];
      const data = Uint8Array.from({ length }, (_, index) =>
        datatype === 'BOOL' ? index % 2 : (index * 37 + 1) % 120,
      );
      const [output] = await runAll(session, feed({ x: { datatype, shape: [2, 3], data } }, 'y'));
      expect(plain(output)).toEqual(plain({ datatype, shape: [2, 3], data }));
      expect(Number((output as { data: Uint8Array }).data.byteOffset) % elementBytes[datatype]).toBe(0);
      expect(session.inputs).toEqual([{ name: 'x', datatype, shape: [-1, -1] }]);
      expect(session.dimensionNames).toEqual(new Map([['x', ['n0', 'n1']]]));
    });
  });

  test('passes byte strings through', async () => {
    await withModel(identityModel('BYTES'), async (session) => {
      const x = text('plain', '', 'Grüße, 世界 🙂', 'x'.repeat(70_000));
      expect(plain((await runAll(session, feed({ x }, 'y')))[0])).toEqual(plain(x));
      expect(plain((await runAll(session, feed({ x: text() }, 'y')))[0])).toEqual(plain(text()));
      expect(plain((await runAll(session, feed({ x: text('', '') }, 'y')))[0])).toEqual(plain(text('', '')));
    });
  });

  test('passes scalars and tensors without elements through', async () => {
    await withModel(identityModel('FP32', 0), async (session) => {
      expect(plain((await runAll(session, feed({ x: float([3], []) }, 'y')))[0])).toEqual(plain(float([3], [])));
    });
    await withModel(identityModel('FP32', 3), async (session) => {
      const empty = float([], [2, 0, 5]);
      expect(plain((await runAll(session, feed({ x: empty }, 'y')))[0])).toEqual(plain(empty));
    });
  });

  test('takes inputs from the middle of a larger buffer, in any order', async () => {
    await withModel(addModel(), async (session) => {
      const buffer = new Float32Array([9, 9, 1, 2, 3, 4, 9]).buffer;
      const b: Tensor = { datatype: 'FP32', shape: [2, 2], data: new Uint8Array(buffer, 8, 16) };
      const run = feed({ b, a: float([10, 20, 30, 40], [2, 2]) }, 'difference', 'sum');
      const outputs = await runAll(session, run);
      expect(outputs.map(plain)).toEqual([float([9, 18, 27, 36], [2, 2]), float([11, 22, 33, 44], [2, 2])].map(plain));
    });
  });

  test('gives only the outputs that are asked for', async () => {
    await withModel(addModel(), async (session) => {
      const inputs = { a: float([5, 6], [1, 2]), b: float([1, 2], [1, 2]) };
      expect((await runAll(session, feed(inputs, 'difference'))).map(plain)).toEqual([plain(float([4, 4], [1, 2]))]);
      expect((await runAll(session, feed(inputs, 'sum'))).map(plain)).toEqual([plain(float([6, 8], [1, 2]))]);
    });
  });

  test('answers as well with threads that spin', async () => {
    const session = await open[engine](writeModel(addModel()), { intraOpThreads: 2, spinning: true });
    const inputs = { a: float([5, 6], [1, 2]), b: float([1, 2], [1, 2]) };
    expect((await runAll(session, feed(inputs, 'sum'))).map(plain)).toEqual([plain(float([6, 8], [1, 2]))]);
    await session.release();
  });

  test('never writes into outputs it gave before', async () => {
    await withModel(addModel(), async (session) => {
      const run = (value: number) =>
        session.run(feed({ a: float([value, 1], [1, 2]), b: float([0, 0], [1, 2]) }, 'sum'));
      const outputs = [];
      for (let value = 0; value < 5; value += 1) outputs.push(...(await run(value)));
      expect(outputs.map(plain)).toEqual([0, 1, 2, 3, 4].map((value) => plain(float([value, 1], [1, 2]))));
    });
  });

  test('writes outputs into memory that it is given, that of an input too', async () => {
    await withModel(addModel(), async (session) => {
      const sum = float([1, 2], [1, 2]) as FixedTensor;
      const run = { ...feed({ a: sum, b: float([10, 20], [1, 2]) }, 'sum'), into: [sum] };
      const [first] = await session.run(run);
      expect(first).toBe(sum);
      expect(plain(sum)).toEqual(plain(float([11, 22], [1, 2])));
      await session.run(run);
      expect(plain(sum)).toEqual(plain(float([21, 42], [1, 2])));
      const [beside] = await session.run({ ...run, into: [undefined] });
      expect(plain(beside)).toEqual(plain(float([31, 62], [1, 2])));
      expect(plain(sum)).toEqual(plain(float([21, 42], [1, 2])));
    });
  });

  test('gives outputs whose shapes depend on the data', async () => {
    await withModel(nonZeroModel(), async (session) => {
      for (const [values, places] of [
        [
          [1, 0, 1, 0],
          [0n, 2n],
        ],
        [[0, 0, 0, 1], [3n]],
        [[0, 0, 0, 0], []],
        [
          [1, 1, 1, 1],
          [0n, 1n, 2n, 3n],
        ],
      ] as [number[], bigint[]][]) {
        const [output] = await runAll(session, feed({ x: float(values) }, 'places'));
        expect(plain(output)).toEqual({ ...plain(int64(places)), shape: [1, places.length] });
      }
    });
  });

  test('refuses inputs of a wrong shape, datatype or length with 400, and says why', async () => {
    await withModel(addModel(), async (session) => {
      const b = float([1, 2], [1, 2]);
      const refused = (a: Tensor) => session.run(feed({ a, b }, 'sum'));
      await expect(refused(float([1, 2, 3], [1, 3]))).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching(/dimensions for input: a .*Got: 3 Expected: 2$/),
      });
      await expect(refused(float([1], []))).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching(/rank/),
      });
      await expect(refused(int64([1n]))).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching(/data type/),
      });
      await expect(refused(float([1], [1, 2]))).rejects.toMatchObject({ status: 400 });
      expect(plain((await session.run(feed({ a: b, b }, 'sum')))[0])).toEqual(plain(float([2, 4], [1, 2])));
    });
  });

  test('answers 500 where the model fails, says why, and goes on', async () => {
    await withModel(gatherModel(), async (session) => {
      await expect(session.run(feed({ place: int64([7n]) }, 'value'))).rejects.toMatchObject({
        status: 500,
        message: expect.stringMatching(
          /^the model failed on these inputs: Gather node 'Gather_value': .*idx=7 must be/,
        ),
      });
      expect(plain((await session.run(feed({ place: int64([2n]) }, 'value')))[0])).toEqual(plain(float([30])));
    });
  });

  test('a run whose signal is aborted before it starts is cancelled', async () => {
    await withModel(addModel(), async (session) => {
      const run = feed({ a: float([1, 2], [1, 2]), b: float([1, 2], [1, 2]) }, 'sum');
      await expect(session.run(run, AbortSignal.abort())).rejects.toMatchObject({ status: 504 });
    });
  });

  test('release waits for runs under way, can be called twice, and later runs get 503', async () => {
    const session = await open[engine](writeModel(slowModel(4)), options);
    const run = feed({ x: float(Array(640).fill(1), [1, 640]) }, 'y');
    const ended: string[] = [];
    const running = [session.run(run), session.run(run)].map((promise) => promise.then(() => ended.push('run')));
    const released = session.release().then(() => ended.push('release'));
    await Promise.all([...running, released, session.release()]);
    expect(ended).toEqual(['run', 'run', 'release']);
    await expect(session.run(run)).rejects.toMatchObject({ status: 503 });
  });

  test('reads weights from a file beside the model', async () => {
    const graph = gatherModel();
    const [table] = graph.initializers ?? [];
    if (!table) throw new Error('no table');
    const path = writeModel({ ...graph, initializers: [{ ...table, data: { location: 'weights.bin', offset: 4 } }] });
    writeFileSync(join(dirname(path), 'weights.bin'), new Uint8Array(new Float32Array([0, 1, 2, 3, 4]).buffer));
    const session = await open[engine](path, options);
    expect(plain((await session.run(feed({ place: int64([3n]) }, 'value')))[0])).toEqual(plain(float([4])));
    await session.release();
  });

  test('names outputs that are sequences of tensors as unservable', async () => {
    const graph: OnnxGraph = {
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['n'] }],
      outputs: [
        { name: 'y', datatype: 'FP32', shape: ['n'] },
        { name: 'items', datatype: 'FP32', sequence: true },
      ],
      nodes: [
        { op: 'Identity', inputs: ['x'], outputs: ['y'] },
        { op: 'SequenceConstruct', inputs: ['x'], outputs: ['items'] },
      ],
    };
    await withModel(graph, async (session) => {
      expect(session.outputs.map((output) => output.name)).toEqual(['y']);
      expect(session.unservable).toEqual([{ name: 'items', reason: expect.any(String) }]);
    });
  });
});
