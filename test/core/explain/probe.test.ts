import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { allOf } from '../../../src/core/explain/all-of.ts';
import type { ExplainCall } from '../../../src/core/explain/explain-call.ts';
import { Probe } from '../../../src/core/explain/probe.ts';
import type { Scorer } from '../../../src/core/explain/scorer.ts';
import { noTimes } from '../../../src/core/no-times.ts';
import type { InferenceRequest } from '../../../src/protocol/inference.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

interface ProbeOptions {
  readonly more?: number;
  readonly target?: number;
  /** What it takes to read a row's scores. */
  readonly readingMs?: number;
}

/**
 * A model that answers a row of three numbers with them, and with `more` that nobody looks at: the rows of each run, and
 * what is there of its answers.
 */
function probeOf({ more = 0, target, readingMs = 0 }: ProbeOptions = {}) {
  const runs: number[] = [];
  const answers: WeakRef<object>[] = [];
  const infer = async (_version: unknown, { inputs }: InferenceRequest) => {
    const [x] = inputs as [ReturnType<typeof floatTensor> & { readonly name: string }];
    const [rows = 0, width = 0] = x.shape;
    runs.push(rows);
    const given = new Float32Array(x.data.buffer, x.data.byteOffset, rows * width);
    const numbers = new Float32Array(rows * (width + more));
    for (let row = 0; row < rows; row += 1)
      numbers.set(given.subarray(row * width, (row + 1) * width), row * (width + more));
    answers.push(new WeakRef(numbers.buffer));
    const data = new Uint8Array(numbers.buffer);
    return { outputs: [{ name: 'y', datatype: 'FP32', shape: [rows, width + more], data }] };
  };
  const scorer: Scorer = {
    of: 'output',
    output: 'y',
    reads: 'y',
    labels: () => undefined,
    scores: async (_inputs, [y]) => {
      for (const end = performance.now() + readingMs; performance.now() < end; );
      const { data } = y as ReturnType<typeof floatTensor>;
      return [...new Float32Array(data.buffer, data.byteOffset, 3)];
    },
  };
  const call = {
    host: { dataPlane: { infer } },
    version: { label: 'm', batching: { isOn: true } },
    options: { maxEvaluations: 1000, target },
    context: { times: noTimes(), checkDeadline: () => undefined, signal: () => new AbortController().signal },
  } as unknown as ExplainCall;
  return { probe: new Probe(call, scorer), runs, answers };
}

const how = {
  make: async (rows: readonly (readonly number[])[]) =>
    rows.map((row) => ({ tensors: [{ name: 'x', ...floatTensor([1, row.length], row) }] })),
  where: () => 'to these rows',
};

test('each item has the mean over its rows of the score that the first answer has most of', async () => {
  const { probe } = probeOf();
  const [first, second] = [
    [[1, 3, 2]],
    [
      [9, 4, 0],
      [0, 6, 9],
    ],
  ];
  expect(() => probe.target).toThrow('nothing was asked yet');
  expect(await allOf(probe.ask([first, second], how))).toEqual([
    [first, 3],
    [second, 5],
  ]);
  expect(probe.target).toEqual({ index: 1 });
  expect(await allOf(probe.ask([[[7, 8, 9]]], how))).toEqual([[[[7, 8, 9]], 8]]);
  expect([probe.evaluations, probe.left]).toEqual([4, 996]);
  const asked = probeOf({ target: 2 });
  expect(await allOf(asked.probe.ask([first, second], how))).toEqual([
    [first, 2],
    [second, 4.5],
  ]);
});

test('a score that is no number is refused, with what was asked', async () => {
  const { probe } = probeOf();
  const bad = probe.ask([[[1, 3, 2]], [[1, Number.NaN, 2]]], how);
  await expect(allOf(bad)).rejects.toMatchObject({
    status: 400,
    message: 'the model answers NaN to these rows; give a baseline that it can answer',
  });
});

test('no answer is kept once its scores were taken', async () => {
  const { probe, answers } = probeOf({ more: 1000 });
  let kept: number | undefined;
  const items = Array.from({ length: 300 }, (_item, at) => [[at, 0, -1]]);
  let asked = 0;
  for await (const [, score] of probe.ask(items, how)) {
    expect(score).toBe(asked);
    asked += 1;
    if (asked < 300) continue;
    // What is awaited holds the last answer.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    kept = answers.filter((answer) => answer.deref() !== undefined).length;
  }
  expect(answers).toHaveLength(5);
  expect(kept).toBeLessThanOrEqual(1);
});

test('others have their turn while scores are read', async () => {
  const { probe, runs } = probeOf({ readingMs: 3 });
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await allOf(
    probe.ask(
      Array.from({ length: 60 }, () => [[1, 2, 3]]),
      how,
    ),
  );
  isOver = true;
  expect(runs).toEqual([60]);
  expect(turns).toBeGreaterThan(10);
});

test('so many are asked together as their answers are small', async () => {
  const { probe, runs } = probeOf({ more: 1024 * 1024 });
  await allOf(probe.ask([[[1, 2, 3]]], how));
  const ten = Array.from({ length: 10 }, () => [[1, 2, 3]]);
  await allOf(probe.ask(ten, how));
  expect(runs).toEqual([1, 4, 4, 2]);
});
