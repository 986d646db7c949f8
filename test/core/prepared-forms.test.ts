import { beforeEach, describe, expect, test } from '@jest/globals';
import type { LoadReport } from '../../src/core/load-report.ts';
import { ModelVersion } from '../../src/core/model-version.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { takeAnswer } from '../../src/core/take-answer.ts';
import type { Run, SessionOptions } from '../../src/ports/session.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeSessions } from '../fakes/fake-sessions.ts';
import { defaultConfig, FakeStore } from '../fakes/fake-store.ts';

const plain = '/a/1/model.onnx';
const prepared = '/a/1/.prepared/model.onnx';

describe('a version with a prepared form', () => {
  let store: FakeStore;
  let sessions: FakeSessions;
  let reports: LoadReport[];
  let options: SessionOptions[];
  const makeCache = (maxBytes: number) => {
    const open: FakeSessions['open'] = (path, given) => {
      options.push(given);
      return sessions.open(path, given);
    };
    const onLoaded = (_version: ModelVersion, report: LoadReport) => reports.push(report);
    return new SessionCache(store, open, new FakeClock(), { maxBytes, intraOpThreads: 1, onLoaded });
  };
  const load = async (config = {}) => {
    const version = new ModelVersion('a', 1, { ...defaultConfig, ...config });
    await makeCache(200).load(version);
    return version;
  };

  beforeEach(async () => {
    store = new FakeStore();
    store.add('a');
    sessions = new FakeSessions();
    reports = [];
    options = [];
    const session = await sessions.open('/elsewhere', { intraOpThreads: 1 });
    store.answers.set('a', await takeAnswer(session, {}));
    sessions = new FakeSessions();
  });

  test('is loaded in that form, which is not optimized again, and checked by the run that warms it up', async () => {
    await load();
    expect(sessions.opened).toEqual([prepared]);
    expect(options).toEqual([{ intraOpThreads: 1, isPrepared: true }]);
    expect(reports).toEqual([{ form: 'prepared', whyPlain: '', bytes: 100 }]);
    expect(sessions.runs).toBe(1);
    expect(store.held.size).toBe(0);
  });

  test('is loaded with threads that spin where the settings say so', async () => {
    await load({ spinning: true });
    expect(options).toEqual([{ intraOpThreads: 1, isPrepared: true, spinning: true }]);
  });

  test('that is missing of a decoder leaves it to be opened as one', async () => {
    store.answers.clear();
    store.traits = { ...store.traits, isDecoder: true };
    await load();
    expect(options).toEqual([{ intraOpThreads: 1, isPrepared: false, isDecoder: true }]);
  });

  test('is not used on a GPU: it is laid out for a processor', async () => {
    await load({ executionProviders: ['cuda', 'cpu'] });
    expect(sessions.opened).not.toContain(prepared);
    expect(options).toMatchObject([{ isPrepared: false, cuda: { deviceId: 0, memoryBytes: 0, orCpu: true } }]);
    const whyPlain = 'prepared forms are for processors, and this model is to run on a GPU';
    expect(reports).toEqual([{ form: 'unfit', whyPlain, bytes: 100 }]);
  });

  test('runs warm-up shapes of its own beside, where its answer was taken from others', async () => {
    await load({ warmupShapes: { x: [3, 2] } });
    expect(sessions.opened).toEqual([prepared]);
    expect(sessions.runs).toBe(2);
  });

  test.each([
    ['answers something else', { elements: [0.5, 0.5] }, "output 'y' has -?0.[0-9]+, expected 0.5"],
    ['answers in another shape', { shape: [2, 2] }, "output 'y' has the shape \\[1,2\\], expected \\[2,2\\]"],
    ['has another output', { name: 'q' }, "it has no output 'q'"],
  ])('that %s is loaded as it was stored', async (_how, change, why) => {
    const answer = store.answers.get('a');
    if (answer)
      store.answers.set('a', { ...answer, outputs: answer.outputs.map((output) => ({ ...output, ...change })) });
    const version = await load();
    expect(sessions.opened).toEqual([prepared, plain]);
    expect(sessions.released).toEqual([prepared]);
    expect(version.state).toBe('READY');
    expect(reports).toEqual([
      { form: 'refused', whyPlain: expect.stringMatching(`^the prepared form does not answer.*: ${why}`), bytes: 100 },
    ]);
    expect(store.held.size).toBe(0);
  });

  test.each([
    ['whose answer was taken with other inputs', [{ name: 'x', shape: [1, 3] }]],
    ['whose answer was taken with inputs too large', [{ name: 'x', shape: [1e9, 2] }]],
    ['whose answer lacks an input', []],
  ])('%s is loaded as it was stored', async (_what, inputs) => {
    const answer = store.answers.get('a');
    if (answer) store.answers.set('a', { ...answer, inputs });
    await load();
    expect(sessions.opened).toEqual([prepared, plain]);
    expect(reports).toMatchObject([{ form: 'refused', whyPlain: expect.stringContaining('its stored answer') }]);
  });

  test('that the runtime refuses, or the store cannot read, is loaded as it was stored', async () => {
    sessions.failing.add(prepared);
    await load();
    store.fetchPrepared = () => Promise.reject(new Error("model 'a' version 1: the stored answer cannot be read"));
    await load();
    expect(sessions.opened).toEqual([prepared, plain, plain]);
    expect(reports.map(({ form, whyPlain }) => [form, whyPlain])).toEqual([
      ['refused', 'not an ONNX model'],
      ['refused', 'the stored answer cannot be read'],
    ]);
  });

  test('that is missing, or was found to win nothing, is told apart from one that was refused', async () => {
    store.answers.clear();
    await load();
    store.notPrepared = { whyNot: 'its runs are slower', wasTried: true };
    await load();
    expect(sessions.opened).toEqual([plain, plain]);
    expect(reports.map(({ form, whyPlain }) => [form, whyPlain])).toEqual([
      ['stored', 'none fits this machine'],
      ['unfit', 'its runs are slower'],
    ]);
  });

  describe('that is large, and that a request waits for,', () => {
    const run: Run = {
      inputNames: ['x'],
      inputs: [{ datatype: 'FP32', shape: [1, 2], data: new Uint8Array(8) }],
      outputNames: ['y'],
    };
    let version: ModelVersion;
    let cache: SessionCache;
    let pass: () => void;

    beforeEach(() => {
      store.bytes = 32 * 1024 * 1024;
      version = new ModelVersion('a', 1, defaultConfig);
      cache = makeCache(1e9);
      sessions.gate = new Promise((resolve) => {
        pass = resolve;
      });
    });

    const spoilAnswer = () => {
      const answer = store.answers.get('a');
      if (answer) store.answers.set('a', { ...answer, inputs: answer.inputs, outputs: [] });
    };
    const started = async () => {
      while (sessions.started < 2) await new Promise((resolve) => setImmediate(resolve));
    };

    test('is checked beside the run of the request', async () => {
      const answers = Promise.all([1, 2].map(() => cache.use(version, (session) => session.run(run))));
      while (sessions.started < 3) await new Promise((resolve) => setImmediate(resolve));
      expect(sessions.runs).toBe(0);
      pass();
      expect(await answers).toEqual([[run.inputs[0]], [run.inputs[0]]]);
      expect(sessions.opened).toEqual([prepared]);
      expect(sessions.runs).toBe(3);
      expect(reports).toEqual([{ form: 'prepared', whyPlain: '', bytes: store.bytes }]);
    });

    test('and that answers something else gives no answer: the requests run on the model as it was stored', async () => {
      spoilAnswer();
      const answers = Promise.all([1, 2].map(() => cache.use(version, (session) => session.run(run))));
      await started();
      pass();
      expect(await answers).toEqual([[run.inputs[0]], [run.inputs[0]]]);
      expect(sessions.opened).toEqual([prepared, plain]);
      expect(sessions.released).toEqual([prepared]);
      expect(version.state).toBe('READY');
      expect(reports.map(({ form, whyPlain }) => [form, whyPlain])).toEqual([
        ['prepared', ''],
        ['refused', 'the prepared form does not answer as the model did: it has 1 outputs, expected 0'],
      ]);
      await cache.unload(version, 'asked to');
      await cache.load(version);
      expect(sessions.opened).toEqual([prepared, plain, plain]);
    });

    test('and that answers something else is let go also where the request has left', async () => {
      spoilAnswer();
      const leaving = new AbortController();
      const answer = cache.use(version, (session) => session.run(run, leaving.signal));
      await started();
      leaving.abort();
      await expect(answer).rejects.toMatchObject({ status: 504 });
      expect(sessions.released).toEqual([]);
      pass();
      while (sessions.released.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(version.session).toBeUndefined();
      expect(version.ready).toBe(true);
    });
  });
});
