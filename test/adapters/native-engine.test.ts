import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import type { Session, SessionOutput } from '../../src/ports/session.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { buildOnnx, type OnnxGraph } from '../fakes/onnx-builder.ts';
import { identityModel, removeModels, slowModel, writeModel, zipMapModel } from './models.ts';

const openModel = (graph: OnnxGraph): Promise<Session> => openNativeSession(writeModel(graph), { intraOpThreads: 1 });
const float = (values: number[], shape: number[]): Tensor => ({
  datatype: 'FP32',
  shape,
  data: new Uint8Array(new Float32Array(values).buffer),
});
const floats = (output: SessionOutput | undefined) => {
  const data = output?.data as Uint8Array;
  return Array.from(new Float32Array(data.buffer, data.byteOffset, data.length / 4));
};

afterAll(removeModels);

describe('the native engine', () => {
  test('byte strings keep zero bytes and bytes that are no text', async () => {
    const session = await openModel(identityModel('BYTES'));
    const texts = [[0], [], [1, 0, 2], [255, 254, 0], [65]].map((bytes) => Uint8Array.from(bytes));
    const run = {
      inputNames: ['x'],
      inputs: [{ datatype: 'BYTES' as const, shape: [5], data: texts }],
      outputNames: ['y'],
    };
    expect(session.runSync?.(run)[0]?.data).toEqual(texts);
    expect((await session.run(run))[0]?.data).toEqual(texts);
    await session.release();
  });

  test.each([
    [
      ['setosa', 'virginica', 'é'],
      ['setosa', 'virginica', 'é'],
    ],
    [
      [7, -1, 30],
      ['-1', '7', '30'],
    ],
  ])('gives a sequence of maps over %j as a matrix with keys', async (labels, keys) => {
    const session = await openModel(zipMapModel(labels as string[]));
    const scores = float([1, 2, 3, 4, 5, 6], [2, 3]);
    const run = { inputNames: ['scores'], inputs: [scores], outputNames: ['probabilities'] };
    expect(session.outputs).toEqual([{ name: 'probabilities', datatype: 'FP32', shape: [-1, -1] }]);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const [output] = session.runSync?.(run) ?? [];
      expect(output).toMatchObject({ datatype: 'FP32', shape: [2, 3], keys });
      const order = (labels as (string | number)[]).map((label) => keys.indexOf(String(label)));
      const byLabel = [0, 3].flatMap((row) => order.map((column) => floats(output)[row + column]));
      expect(byLabel).toEqual([1, 2, 3, 4, 5, 6]);
    }
    await session.release();
  });

  test('gives an output that is an input, and one asked for twice, on every run', async () => {
    const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n'] });
    const session = await openModel({
      inputs: [value('x')],
      outputs: [value('x'), value('y')],
      nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }],
    });
    for (const outputNames of [
      ['x', 'y'],
      ['y', 'y'],
    ]) {
      for (let repeat = 1; repeat < 4; repeat += 1) {
        const run = { inputNames: ['x'], inputs: [float([repeat], [1])], outputNames };
        const expected = outputNames.map((name) => (name === 'x' ? [repeat] : [-repeat]));
        expect(session.runSync?.(run).map(floats)).toEqual(expected);
        expect((await session.run(run)).map(floats)).toEqual(expected);
      }
    }
    await session.release();
  });

  test('a run is cancelled at any moment, and the next one is right', async () => {
    const size = 640;
    const session = await openModel(slowModel(20, size));
    const run = { inputNames: ['x'], inputs: [float(Array(size * size).fill(1), [size, size])], outputNames: ['y'] };
    await session.run(run);
    const started = performance.now();
    await session.run(run);
    const whole = performance.now() - started;
    let cancelled = 0;
    for (let trial = 0; trial < 12; trial += 1) {
      const controller = new AbortController();
      const running = session.run(run, controller.signal);
      setTimeout(() => controller.abort(), Math.random() * whole * 0.8);
      // A run can end before its signal aborts, where the machine is quicker now than when it was measured.
      await running.then(
        ([output]) => expect(floats(output)[0]).toBeCloseTo(1, 3),
        (error) => {
          expect(error).toMatchObject({ status: 504, message: expect.stringMatching(/cancelled/) });
          cancelled += 1;
        },
      );
    }
    expect(cancelled).toBeGreaterThan(0);
    const [output] = await session.run(run, new AbortController().signal);
    expect(floats(output)[0]).toBeCloseTo(1, 3);
    await session.release();
  });

  test('a cancelled run ends long before it would have', async () => {
    const size = 640;
    const session = await openModel(slowModel(60, size));
    const run = { inputNames: ['x'], inputs: [float(Array(size * size).fill(1), [size, size])], outputNames: ['y'] };
    let started = performance.now();
    await session.run(run);
    const whole = performance.now() - started;
    started = performance.now();
    await expect(session.run(run, AbortSignal.timeout(20))).rejects.toMatchObject({ status: 504 });
    expect(performance.now() - started).toBeLessThan(20 + whole / 2);
    await session.release();
  });

  test('opening and running leave the event loop free', async () => {
    const path = writeModel(slowModel(60));
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const session = await openNativeSession(path, { intraOpThreads: 1 });
    const before = ticks;
    await session.run({ inputNames: ['x'], inputs: [float(Array(640 * 640).fill(1), [640, 640])], outputNames: ['y'] });
    clearInterval(timer);
    expect(ticks - before).toBeGreaterThan(5);
    await session.release();
  });

  test('many runs at once on one session are each answered with their own values', async () => {
    const session = await openModel(identityModel('FP32'));
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, value) =>
        session.run({ inputNames: ['x'], inputs: [float([value, value], [2])], outputNames: ['y'] }),
      ),
    );
    expect(answers.map(([output]) => floats(output)[1])).toEqual(Array.from({ length: 200 }, (_, value) => value));
    await session.release();
  });

  test('names that the model does not have are refused with 400', async () => {
    const session = await openModel(identityModel('FP32'));
    const inputs = [float([1], [1])];
    const unknownInput = { inputNames: ['z'], inputs, outputNames: ['y'] };
    await expect(session.run(unknownInput)).rejects.toMatchObject({ status: 400 });
    const unknownOutput = { inputNames: ['x'], inputs, outputNames: ['z'] };
    await expect(session.run(unknownOutput)).rejects.toMatchObject({ status: 400 });
    await session.release();
  });

  test('survives forced collections between all steps, in bounded memory', async () => {
    const script = join(import.meta.dirname, 'engine-soak.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
    expect(stdout).toMatch(/soak passed/);
  }, 120_000);
});

test('the builder writes the same bytes for the same graph', () => {
  expect(buildOnnx(identityModel('FP32'))).toEqual(buildOnnx(identityModel('FP32')));
});
