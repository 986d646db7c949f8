import { beforeEach, expect, test } from '@jest/globals';
import { Batcher } from '../../../src/core/batching/batcher.ts';
import type { InferenceContext } from '../../../src/core/inference-context.ts';
import { ModelVersion } from '../../../src/core/model-version.ts';
import { RunQueue } from '../../../src/core/run-queue.ts';
import type { Run, Session, SessionOutput } from '../../../src/ports/session.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

/** Doubles each number; a row that begins with 13 makes the whole run fail, one that begins with 7 loses a row. */
class Doubling implements Session {
  readonly inputs = [];
  readonly outputs = [];
  readonly unservable = [];
  /** Shapes of the inputs of each run. */
  readonly shapes: (readonly number[])[] = [];
  /** Runs on other threads. */
  threads = 0;

  runSync({ inputs }: Run): readonly SessionOutput[] {
    const { shape, data } = inputs[0] as FixedTensor;
    this.shapes.push(shape);
    const values = numbers(data);
    if (values.some((value, index) => index % 2 === 0 && value === 13)) throw new ServiceError(400, 'unlucky');
    const doubled = values.map((value) => 2 * value);
    if (values[0] === 7 && values.length > 2) return [floatTensor([1, 2], doubled.slice(0, 2))];
    return [floatTensor(shape, doubled)];
  }

  async run(run: Run): Promise<readonly SessionOutput[]> {
    this.threads += 1;
    return this.runSync(run);
  }

  async release(): Promise<void> {}
}

let session: Doubling;
let clock: FakeClock;
let version: ModelVersion;
let batcher: Batcher;
let turns: (() => void)[];

beforeEach(() => {
  session = new Doubling();
  clock = new FakeClock();
  version = new ModelVersion('m', 1, defaultConfig);
  version.batching = { isOn: true, whyNot: '' };
  version.cost.observe(8, 0.01);
  turns = [];
  const timers = { afterTurn: (work: () => void) => void turns.push(work), after: () => () => undefined };
  batcher = new Batcher(version, new RunQueue(1, 10), clock, timers, { runTimeoutMs: 0 });
});

const context = (checkDeadline = () => {}): InferenceContext => ({
  times: { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 },
  checkDeadline,
  signal: () => new AbortController().signal,
  checkOutput: () => undefined,
});

/** Asks for rows of two numbers; resolves to the numbers of the answer, or the message of the refusal. */
function ask(values: readonly number[], { within = context(), outputNames = ['y'], width = 2 } = {}) {
  const rows = values.length / width;
  const run = { inputNames: ['x'], inputs: [floatTensor([rows, width], values)], outputNames };
  return batcher.run(session, run, 1, within).then(
    ([output]) => numbers((output as FixedTensor).data),
    (error: Error) => error.message,
  );
}

function numbers(bytes: Uint8Array): number[] {
  return [...new Float32Array(bytes.slice().buffer)];
}

/** What was asked for so far runs now. */
function turn(): void {
  for (const work of turns.splice(0)) work();
}

test('what arrives in one turn shares a run, and each gets its own rows', async () => {
  const answers = [ask([1, 2]), ask([3, 4, 5, 6]), ask([8, 9])];
  expect(session.shapes).toEqual([]);
  turn();
  expect(await Promise.all(answers)).toEqual([
    [2, 4],
    [6, 8, 10, 12],
    [16, 18],
  ]);
  expect(session.shapes).toEqual([[4, 2]]);
  expect(version.statistics.toJSON()).toMatchObject({ execution_count: 1 });
});

test('the next turn has a run of its own', async () => {
  const first = ask([1, 2]);
  turn();
  const second = ask([3, 4]);
  turn();
  expect(await Promise.all([first, second])).toEqual([
    [2, 4],
    [6, 8],
  ]);
  expect(session.shapes).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test('where requests come one at a time, one runs at once; what comes beside it shares the next run', async () => {
  const before = ask([1, 2]);
  turn();
  const alone = ask([3, 4]);
  expect(session.shapes).toEqual([
    [1, 2],
    [1, 2],
  ]);
  const beside = [ask([5, 6]), ask([8, 9])];
  expect(session.shapes).toHaveLength(2);
  turn();
  expect(session.shapes).toHaveLength(3);
  expect(session.shapes[2]).toEqual([2, 2]);
  // That turn had several: the next one has them wait for each other.
  const after = ask([1, 1]);
  expect(session.shapes).toHaveLength(3);
  turn();
  expect(await Promise.all([before, alone, ...beside, after])).toEqual([
    [2, 4],
    [6, 8],
    [10, 12],
    [16, 18],
    [2, 2],
  ]);
});

test('what differs in more than its rows, or asks for other outputs, does not share', async () => {
  const answers = [ask([1, 2]), ask([1, 2, 3], { width: 3 }), ask([3, 4]), ask([5, 6], { outputNames: ['z'] })];
  turn();
  expect(await Promise.all(answers)).toEqual([
    [2, 4],
    [2, 4, 6],
    [6, 8],
    [10, 12],
  ]);
  expect(session.shapes).toEqual([
    [2, 2],
    [1, 3],
    [1, 2],
  ]);
});

test('at most 64 rows share a run, but a request stays whole', async () => {
  const large = Array.from({ length: 2 * 60 }, (_item, index) => index);
  const answers = [ask(large), ask([1, 2]), ask(large), ask(large)];
  turn();
  const doubled = large.map((value) => 2 * value);
  expect(await Promise.all(answers)).toEqual([doubled, [2, 4], doubled, doubled]);
  expect(session.shapes).toEqual([
    [61, 2],
    [60, 2],
    [60, 2],
  ]);
});

test('one that is refused fails alone', async () => {
  const answers = [ask([1, 2]), ask([13, 0]), ask([3, 4])];
  turn();
  expect(await Promise.all(answers)).toEqual([[2, 4], 'unlucky', [6, 8]]);
});

test('where an output has not a row for each, everyone has a run of its own', async () => {
  const answers = [ask([7, 1]), ask([2, 3])];
  turn();
  expect(await Promise.all(answers)).toEqual([
    [14, 2],
    [4, 6],
  ]);
});

test('one whose deadline has passed is left out', async () => {
  const late = context(() => {
    throw new ServiceError(504, 'too late');
  });
  const answers = [ask([1, 2]), ask([3, 4], { within: late }), ask([5, 6])];
  turn();
  expect(await Promise.all(answers)).toEqual([[2, 4], 'too late', [10, 12]]);
  expect(session.shapes).toEqual([[2, 2]]);
});

test('says how long each waited', async () => {
  const first = context();
  const waiting = ask([1, 2], { within: first });
  clock.ms = 3;
  turn();
  await waiting;
  expect(first.times.queueMs).toBe(3);
});

test.each([
  [3, 0],
  [5, 1],
])(
  'of runs of half a millisecond, %i that come together begin %i runs on another thread: they would hold up the event loop',
  async (rows, threads) => {
    version.shortCost.observe(16, 1);
    const answers = Array.from({ length: rows }, (_item, row) => ask([row, 0]));
    turn();
    expect(session.threads).toBe(threads);
    expect(await Promise.all(answers)).toHaveLength(rows);
  },
);
