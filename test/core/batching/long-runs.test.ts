import { beforeEach, describe, expect, test } from '@jest/globals';
import { RunQueue } from '../../../src/core/run-queue.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { type CallerSettings, FakeCaller } from '../../fakes/fake-caller.ts';
import { FakeTime } from '../../fakes/fake-time.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { GatedSession } from '../../fakes/gated-session.ts';

let session: GatedSession;
let time: FakeTime;

beforeEach(() => {
  session = new GatedSession();
  time = new FakeTime();
});

const caller = (settings: CallerSettings = {}) => new FakeCaller(session, time, settings);

/** What is fed to each run that began, and not ended by `end`. */
function fed(): number[][] {
  return session.runs.map(({ run }) => [...new Float32Array((run.inputs[0] as FixedTensor).data.slice().buffer)]);
}

/** Ends the run that began as the `index`th. */
async function end(index: number): Promise<void> {
  session.runs[index]?.end();
  await time.turn();
}

describe('what waits while a run is under way shares the next', () => {
  test('and each gets its own rows', async () => {
    const model = caller();
    const first = model.ask([1, 2]);
    await time.turn();
    const others = [model.ask([3, 4]), model.ask([5, 6, 7, 8]), model.ask([9, 10])];
    await time.turn();
    expect(fed()).toEqual([[1, 2]]);
    await end(0);
    expect(fed()[1]).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    await end(1);
    expect(await first).toEqual([1, 2]);
    expect(await Promise.all(others)).toEqual([
      [3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
    expect(model.log()).toEqual(['1 idle nothing-waits answered', '4 turn nothing-waits answered']);
    expect(model.version.statistics.toJSON()).toMatchObject({
      execution_count: 2,
      batch_stats: [
        { batch_size: 1, compute_infer: { count: 1 } },
        { batch_size: 4, compute_infer: { count: 1 } },
      ],
    });
  });

  test('nobody waits where nothing of the model is under way, whatever the delay', async () => {
    const model = caller({ batching: { maxQueueDelayMs: 50 } });
    void model.ask([1, 2]);
    await time.turn();
    expect(fed()).toEqual([[1, 2]]);
  });

  test('which begins before those of the one that ended have their answers', async () => {
    const model = caller();
    let runsAtAnswer = 0;
    const first = model.ask([1, 2]).then(() => {
      runsAtAnswer = session.runs.length;
    });
    await time.turn();
    void model.ask([3, 4]);
    await time.turn();
    await end(0);
    await first;
    expect(runsAtAnswer).toBe(2);
  });

  test('but for the share of the runs that end next', async () => {
    const model = caller({ turns: new RunQueue(2, 100) });
    for (let value = 1; value <= 12; value += 2) void model.ask([value, 0]);
    await time.turn();
    // Of 6 rows a half, then of the 3 that are left.
    expect(fed()).toEqual([
      [1, 0, 3, 0, 5, 0],
      [7, 0, 9, 0],
    ]);
    await end(0);
    expect(fed()[2]).toEqual([11, 0]);
  });

  test('up to maxBatchSize rows, a request whole', async () => {
    const model = caller({ batching: { maxBatchSize: 3 } });
    void model.ask([0, 0]);
    await time.turn();
    for (const values of [
      [1, 1, 2, 2],
      [3, 3, 4, 4],
      [5, 5],
      [6, 6, 7, 7, 8, 8, 9, 9],
    ])
      void model.ask(values);
    await time.turn();
    for (let run = 0; run < 4; run += 1) await end(run);
    expect(fed().slice(1)).toEqual([
      [1, 1, 2, 2],
      [3, 3, 4, 4, 5, 5],
      [6, 6, 7, 7, 8, 8, 9, 9],
    ]);
    expect(model.log()[2]).toBe('3 turn max-batch-size answered');
  });

  /** A model each of whose rows takes so long. */
  const slow = (msPerRow: number, settings?: CallerSettings) => {
    const model = caller(settings);
    const bytesIn = (ms: number) => (8 * ms) / msPerRow;
    Object.assign(model.version, { batchCost: { bytesIn, observe: () => undefined } });
    return model;
  };
  const rowsOfRuns = () => fed().map((values) => values.length / 2);

  test('not more than run in 150 ms, by what runs took, and a power of two, where no maxBatchSize is set', async () => {
    const model = slow(25);
    for (let row = 0; row <= 6; row += 1) void model.ask([row, 0]);
    await time.turn();
    await end(0);
    expect(rowsOfRuns()).toEqual([4, 3]);
    expect(model.log()[0]).toBe('4 idle long-enough answered');
  });

  test('in no more long runs at once than there are processors for', async () => {
    const turns = new RunQueue(3, 100, 2);
    const model = slow(20, { turns });
    for (let row = 0; row < 12; row += 1) void model.ask([row, 0]);
    await time.turn();
    expect(rowsOfRuns()).toEqual([4, 4]);
    const quick = slow(1, { turns });
    for (let row = 0; row < 12; row += 1) void quick.ask([row, 0]);
    await time.turn();
    expect(rowsOfRuns()).toEqual([4, 4, 4]);
  });

  test('so that runs are alike: rows of a run that ended are likely to come again', async () => {
    const model = slow(20, { turns: new RunQueue(3, 100, 2) });
    for (let row = 0; row < 12; row += 1) void model.ask([row, 0]);
    await time.turn();
    session.runs[0]?.end();
    // Both in one turn, before any of their callers comes again.
    await end(1);
    expect(rowsOfRuns()).toEqual([4, 4, 4]);
    for (let row = 0; row < 8; row += 1) void model.ask([row, 0]);
    await time.turn();
    await end(2);
    expect(rowsOfRuns().slice(3)).toEqual([4, 4]);
  });

  test('one run alone tells first how long runs take', async () => {
    const model = new FakeCaller(session, time);
    Object.assign(model.version, { batchCost: { bytesIn: () => 0, observe: () => undefined } });
    for (let row = 0; row < 3; row += 1) void model.ask([row, 0]);
    await time.turn();
    expect(fed()).toEqual([[0, 0]]);
  });

  test('not what differs in shape or outputs, which goes on waiting', async () => {
    const model = caller();
    void model.ask([0, 0]);
    await time.turn();
    void model.ask([1, 1]);
    void model.ask([2, 2, 2], { width: 3 });
    void model.ask([3, 3], { outputNames: ['z'] });
    void model.ask([4, 4]);
    await time.turn();
    for (let run = 0; run < 3; run += 1) await end(run);
    expect(fed().slice(1)).toEqual([
      [1, 1, 4, 4],
      [2, 2, 2],
      [3, 3],
    ]);
    await end(3);
    expect(model.log().slice(1)).toEqual([
      '2 turn unlike answered',
      '1 turn unlike answered',
      '1 turn nothing-waits answered',
    ]);
  });

  test('not for a model whose rows depend on one another', async () => {
    const model = caller();
    model.version.batching = { isOn: false, whyNot: 'it mixes rows' };
    for (const row of [0, 1, 2]) void model.ask([row, 0, row, 1]);
    await time.turn();
    await end(0);
    await end(1);
    expect(fed()).toEqual([
      [0, 0, 0, 1],
      [1, 0, 1, 1],
      [2, 0, 2, 1],
    ]);
    expect(model.log()).toEqual(['2 idle alone answered', '2 turn alone answered']);
  });
});

describe('preferred sizes', () => {
  test('are taken where they can be had, the largest', async () => {
    const model = caller({ batching: { preferredBatchSizes: [2, 4] } });
    void model.ask([0, 0]);
    await time.turn();
    for (let row = 1; row <= 7; row += 1) void model.ask([row, 0]);
    await time.turn();
    for (let run = 0; run < 3; run += 1) await end(run);
    expect(fed().map((values) => values.length / 2)).toEqual([1, 4, 2, 1]);
    expect(model.log()[1]).toBe('4 turn preferred-size answered');
  });
});

describe('a delay', () => {
  const delayed = () => caller({ batching: { maxQueueDelayMs: 10, maxBatchSize: 3 }, turns: new RunQueue(2, 100) });

  test('holds a request while runs of the model are under way, for others to come', async () => {
    const model = delayed();
    void model.ask([0, 0]);
    await time.turn();
    void model.ask([1, 1]);
    await time.turn();
    await time.pass(9);
    expect(fed()).toHaveLength(1);
    void model.ask([2, 2]);
    await time.turn();
    await time.pass(1);
    expect(fed()[1]).toEqual([1, 1, 2, 2]);
    await end(1);
    expect(model.log()[0]).toBe('2 delay-over nothing-waits answered');
  });

  test('is over once the run is full, or nothing is under way', async () => {
    const model = delayed();
    void model.ask([0, 0]);
    await time.turn();
    void model.ask([1, 1]);
    await time.turn();
    await end(0);
    expect(fed()[1]).toEqual([1, 1]);
    for (let row = 2; row <= 8; row += 1) void model.ask([row, row]);
    await time.turn();
    expect(fed()[2]).toEqual([2, 2, 3, 3, 4, 4]);
    await end(2);
    expect(model.log().at(-1)).toBe('3 full max-batch-size answered');
  });
});

describe('a run that fails', () => {
  test('is taken apart: what was refused fails alone', async () => {
    const model = caller();
    void model.ask([0, 0]);
    await time.turn();
    const answers = [model.ask([1, 1]), model.ask([2, 2])];
    await time.turn();
    await end(0);
    const waiting = model.ask([3, 3]);
    await time.turn();
    session.runs[1]?.fail(new ServiceError(400, 'unlucky'));
    await time.turn();
    session.runs[2]?.fail(new ServiceError(400, 'unlucky'));
    await time.turn();
    await end(3);
    await end(4);
    expect(await Promise.all([...answers, waiting])).toEqual(['unlucky', [2, 2], [3, 3]]);
    expect(fed().slice(1)).toEqual([
      [1, 1, 2, 2],
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(model.log().slice(1)).toEqual([
      '2 turn nothing-waits taken-apart',
      '1 retry alone failed',
      '1 retry alone answered',
      '1 turn nothing-waits answered',
    ]);
  });

  test('as does one that gives not a row for each: nothing is shared from then on', async () => {
    const model = caller();
    void model.ask([0, 0]);
    await time.turn();
    const answers = [model.ask([1, 1]), model.ask([2, 2])];
    await time.turn();
    await end(0);
    session.runs[1]?.answer([floatTensor([1, 2], [9, 9])]);
    await time.turn();
    await end(2);
    await end(3);
    expect(await Promise.all(answers)).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(model.version.batching).toEqual({ isOn: false, whyNot: 'an output had not a row for each of the inputs' });
  });

  test('gives its place to the next', async () => {
    const model = caller();
    const failing = model.ask([1, 1]);
    await time.turn();
    const next = model.ask([2, 2]);
    await time.turn();
    session.runs[0]?.fail(new Error('no memory'));
    await time.turn();
    await end(1);
    expect(await Promise.all([failing, next])).toEqual(['no memory', [2, 2]]);
  });
});

test('a signal that lives on, as that of a job, keeps nothing of requests that are over', async () => {
  const { signal } = new AbortController();
  const heard = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: () => void) => {
    heard.add(listener);
    add(type, listener);
  };
  signal.removeEventListener = (type: string, listener: () => void) => {
    heard.delete(listener);
    remove(type, listener);
  };
  const model = caller();
  const answers = [model.ask([1, 1], { signal }), model.ask([2, 2], { signal })];
  await time.turn();
  expect(heard.size).toBeGreaterThan(0);
  await end(0);
  await Promise.all(answers);
  expect(heard.size).toBe(0);
});

describe('a caller that leaves', () => {
  test('while it waits is in no run', async () => {
    const model = caller();
    void model.ask([0, 0]);
    await time.turn();
    const leaving = new AbortController();
    const gone = model.ask([1, 1], { signal: leaving.signal });
    void model.ask([2, 2]);
    await time.turn();
    leaving.abort(new ServiceError(504, 'the deadline passed'));
    expect(await gone).toBe('the deadline passed');
    await end(0);
    expect(fed()[1]).toEqual([2, 2]);
  });

  test('before it waits is in no run either', async () => {
    const model = caller();
    expect(await Promise.all([model.ask([1, 1], { signal: AbortSignal.abort() }), time.turn()])).toEqual([
      expect.stringMatching(/its caller left/),
      undefined,
    ]);
    expect(fed()).toEqual([]);
  });

  test('while others are in its run does not end that', async () => {
    const model = caller();
    void model.ask([0, 0]);
    await time.turn();
    const leaving = [new AbortController(), new AbortController()] as const;
    const answers = leaving.map(({ signal }, row) => model.ask([row, row], { signal }));
    await time.turn();
    await end(0);
    leaving[0].abort();
    expect(await answers[0]).toMatch(/its caller left/);
    expect(session.runs[1]?.signal?.aborted).toBe(false);
    leaving[1].abort();
    expect(session.runs[1]?.signal?.aborted).toBe(true);
    expect(await answers[1]).toMatch(/its caller left/);
    await time.turn();
    expect(model.log()[1]).toBe('2 turn nothing-waits failed');
  });
});
