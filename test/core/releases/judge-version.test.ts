import { describe, expect, test } from '@jest/globals';
import { judgeVersion } from '../../../src/core/releases/judge-version.ts';
import { parseSamples } from '../../../src/core/releases/parse-samples.ts';
import type { GateConfig } from '../../../src/ports/model-store.ts';
import type { Run, Session } from '../../../src/ports/session.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

const clock = new FakeClock();
const gate: GateConfig = { tolerance: 1e-3, latencyRatio: 1.5, requireSamples: false };
const x: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, 2] };
const y: TensorSpec = { name: 'y', datatype: 'FP32', shape: [-1, 2] };

/** Answers its input times `factor`, in so many milliseconds. */
function session(factor: number, ms = 1, more: Partial<Session> = {}): Session {
  return {
    inputs: [x],
    outputs: [y],
    unservable: [],
    run: async ({ inputs }: Run) => {
      clock.ms += ms;
      const data = inputs[0]?.data as Uint8Array;
      const values = new Float32Array(data.buffer, data.byteOffset, data.length / 4);
      return [
        floatTensor(
          inputs[0]?.shape ?? [],
          [...values].map((value) => value * factor),
        ),
      ];
    },
    release: async () => undefined,
    ...more,
  };
}

const twice = parseSamples(
  '{"inputs": {"x": [1, 2]}, "outputs": {"y": [2, 4]}}\n\n{"inputs": {"x": [[3, 4]]}, "outputs": {"y": [[6, 8]]}}\n',
);
const trial: Run = { inputNames: ['x'], inputs: [floatTensor([1, 2], [0, 0])], outputNames: ['y'] };

function judge(next: Session, before: Session | undefined, given: typeof twice | 'none' = twice, more = {}) {
  const samples = given === 'none' ? undefined : given;
  return judgeVersion(
    { session: next, before, samples, trial },
    { gate: { ...gate, ...more }, limits: defaultLimits, clock },
  );
}

describe('the gate', () => {
  test('lets a version pass that answers its samples, as quickly as the one before', async () => {
    expect(await judge(session(2.0001), session(1))).toEqual({
      failures: [],
      notes: [],
      samples: 2,
      difference: expect.closeTo(5e-5, 5),
      latency: { ms: 1, beforeMs: 1 },
    });
  });

  test('says which sample is answered otherwise, and by how much', async () => {
    const { failures, latency } = await judge(session(2.5), session(1));
    expect(failures).toEqual([
      "samples.jsonl line 1: output 'y' [0] is 2.5, expected 2, off by 0.25 of 0.001 allowed",
      "samples.jsonl line 3: output 'y' [0] is 7.5, expected 6, off by 0.25 of 0.001 allowed",
    ]);
    expect(latency).toBeUndefined();
    expect((await judge(session(2.5), session(1), twice, { tolerance: 0.3 })).failures).toEqual([]);
  });

  test('takes a run that fails for a wrong answer', async () => {
    const run = async () => {
      throw new Error('broken');
    };
    const { failures } = await judge(session(2, 1, { run }), undefined);
    expect(failures).toEqual(['samples.jsonl line 1: broken', 'samples.jsonl line 3: broken']);
  });

  test('keeps a slower version out, unless it is by little or may be', async () => {
    const slower = 'a run takes 2.00 ms, 2.00 times the 1.00 ms of the version before; gate.latencyRatio is 1.5';
    expect((await judge(session(2, 2), session(1, 1))).failures).toEqual([slower]);
    expect((await judge(session(2, 2), session(1, 1), 'none')).failures).toEqual([slower]);
    expect((await judge(session(2, 2), session(1, 1), twice, { latencyRatio: 0 })).failures).toEqual([]);
    expect((await judge(session(2, 0.09), session(1, 0.01))).failures).toEqual([]);
  });

  test('looks again before it calls a version slower: the machine may have had other work', async () => {
    const asQuick = session(2, 1);
    let held = 2 * 201;
    const run = async (given: Run) => {
      if (held > 0) clock.ms += 5;
      held -= 1;
      return asQuick.run(given);
    };
    const { failures, latency } = await judge({ ...asQuick, run }, session(1, 1));
    expect({ failures, latency }).toEqual({ failures: [], latency: { ms: 1, beforeMs: 1 } });
  });

  test('keeps out what callers of the version before cannot use', async () => {
    const next = session(2, 1, { inputs: [{ ...x, datatype: 'FP64' }], outputs: [] });
    expect((await judge(next, session(1), 'none')).failures).toEqual([
      "callers of the version before cannot use it: input 'x' is FP64, it was FP32",
      "callers of the version before cannot use it: output 'y' is gone",
    ]);
  });

  test('says what it did not look at, and may ask for samples', async () => {
    expect(await judge(session(2), undefined, 'none')).toMatchObject({
      failures: [],
      notes: [
        'it has no samples.jsonl: its answers were not looked at',
        'it replaces no version: schema, latency and metrics were not compared',
      ],
    });
    const asked = await judge(session(2), undefined, 'none', { requireSamples: true });
    expect(asked.failures).toEqual(['it has no samples.jsonl, which gate.requireSamples asks for']);
  });

  test.each([
    ['{"inputs": {"z": 1}, "outputs": {}}', "the model has no input 'z'; it has x"],
    ['{"inputs": {}, "outputs": {}}', "a value of input 'x' is missing"],
    ['{"inputs": {"x": ["a", 1]}, "outputs": {}}', expect.stringContaining("input 'x'")],
    ['{"inputs": {"x": [1, 2]}, "outputs": {"z": 1}}', "the model has no output 'z'; it has y"],
    ['{"inputs": {"x": [1, 2]}, "outputs": {"y": [1]}}', "output 'y' has the shape [1,2], expected [1,1]"],
    [
      '{"inputs": {"x": [1, 2]}, "outputs": {"y": [[1, 2], [1]]}}',
      "output 'y': expected rows of one length, got rows that differ",
    ],
  ])('names the line of the sample %s', async (line, message) => {
    const { failures } = await judge(session(1), undefined, parseSamples(`\n${line}`));
    const text = typeof message === 'string' ? `samples.jsonl line 2: ${message}` : message;
    expect(failures).toEqual([text]);
  });
});

test.each([
  ['', 'samples.jsonl has no samples'],
  ['{', 'samples.jsonl line 1: not JSON'],
  ['\n[1]', 'samples.jsonl line 2: expected {"inputs"'],
  ['{"inputs": [1]}', 'samples.jsonl line 1: expected {"inputs"'],
])('samples %j are refused', (text, message) => {
  expect(() => parseSamples(text)).toThrow(message);
  const named = message.replace('samples.jsonl', 'mine.jsonl');
  expect(() => parseSamples(text, 'mine.jsonl')).toThrow(named);
});
