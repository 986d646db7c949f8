import { beforeEach, describe, expect, test } from '@jest/globals';
import { ModelVersion } from '../../src/core/model-version.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import type { Task } from '../../src/core/tasks/task.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeSessions } from '../fakes/fake-sessions.ts';
import { defaultConfig, FakeStore } from '../fakes/fake-store.ts';

describe('SessionCache', () => {
  let store: FakeStore;
  let sessions: FakeSessions;
  let clock: FakeClock;
  let cache: SessionCache;
  const version = (name: string, config = {}) => new ModelVersion(name, 1, { ...defaultConfig, ...config });

  beforeEach(() => {
    store = new FakeStore();
    for (const name of ['a', 'b', 'c']) store.add(name);
    sessions = new FakeSessions();
    clock = new FakeClock();
    cache = new SessionCache(store, sessions.open, clock, { maxBytes: 200, intraOpThreads: 1 });
  });

  test('requests that arrive while a model loads share one load', async () => {
    const a = version('a');
    await Promise.all([cache.use(a, () => 1), cache.use(a, () => 2), cache.load(a)]);
    expect(sessions.opened).toEqual(['/a/1/model.onnx']);
    expect(a.state).toBe('READY');
  });

  test('a large model that a request waits for is warmed up by that request; any other runs once before', async () => {
    const runsOf = async (
      bytes: number,
      load: (cache: SessionCache, name: ModelVersion) => Promise<unknown>,
      config = {},
    ) => {
      store.bytes = bytes;
      sessions.runs = 0;
      await load(
        new SessionCache(store, sessions.open, clock, { maxBytes: 1e9, intraOpThreads: 1 }),
        version('a', config),
      );
      return sessions.runs;
    };
    const use = (one: SessionCache, name: ModelVersion) => one.use(name, () => undefined);
    const load = (one: SessionCache, name: ModelVersion) => one.load(name);
    expect(await runsOf(32 * 1024 * 1024, use)).toBe(0);
    expect(await runsOf(32 * 1024 * 1024, load)).toBe(1);
    expect(await runsOf(32 * 1024 * 1024 - 1, use)).toBe(1);
    expect(await runsOf(32 * 1024 * 1024, use, { warmupShapes: { x: [1, 2] } })).toBe(1);
  });

  test('lets go of idle sessions until it is enough: never one that is pinned, in use, or was used last', async () => {
    store.bytes = 10;
    store.add('d');
    const [pinned, used, idle, last] = [version('a', { pinned: true }), version('b'), version('c'), version('d')];
    for (const each of [pinned, used, idle, last]) await cache.load(each);
    let end: () => void = () => undefined;
    const whileUsed = new Promise<void>((resolve) => {
      end = resolve;
    });
    const using = cache.use(used, () => whileUsed);
    await cache.use(last, () => undefined);
    await cache.releaseIdle(() => true);
    expect(sessions.released).toEqual([]);
    await cache.releaseIdle(() => false);
    expect(sessions.released).toEqual(['/c/1/model.onnx']);
    expect(idle.ready).toBe(true);
    end();
    await using;
  });

  test('releases the idle session used longest ago to make room', async () => {
    const [a, b, c] = [version('a'), version('b'), version('c')];
    await cache.load(a);
    await cache.load(b);
    await cache.use(a, () => undefined);
    await cache.load(c);
    expect(sessions.released).toEqual(['/b/1/model.onnx']);
    expect(b.reason).toContain('to make room');
    expect(b.ready).toBe(true);
  });

  test('never releases a session in use', async () => {
    const [a, b, c] = [version('a'), version('b'), version('c')];
    await cache.use(a, async () => {
      await cache.use(b, async () => {
        await cache.load(c);
        expect(sessions.released).toEqual([]);
      });
    });
  });

  test('never releases a pinned model', async () => {
    const [a, b, c] = [version('a', { pinned: true }), version('b'), version('c')];
    for (const each of [a, b, c]) await cache.load(each);
    expect(sessions.released).toEqual(['/b/1/model.onnx']);
  });

  test('keeps the files of a model in the store until its session is open, or could not be opened', async () => {
    const held: string[][] = [];
    const open: typeof sessions.open = (path, options) => {
      held.push([...store.held]);
      return sessions.open(path, options);
    };
    cache = new SessionCache(store, open, clock, { maxBytes: 200, intraOpThreads: 1 });
    await cache.load(version('a'));
    expect(held).toEqual([['/a/1/model.onnx']]);
    store.bytes = 201;
    await expect(cache.load(version('b'))).rejects.toThrow('memory budget');
    expect(store.held.size).toBe(0);
  });

  test('refuses a model larger than the whole budget, and says so', async () => {
    store.bytes = 201;
    await expect(cache.load(version('a'))).rejects.toThrow(
      "model 'a' version 1 could not be loaded: its files are 201 bytes, more than the memory budget of 200 bytes",
    );
  });

  test('a failed load is retried after a pause that doubles, not on every request', async () => {
    const a = version('a');
    sessions.failing.add('/a/1/model.onnx');
    await expect(cache.load(a)).rejects.toMatchObject({ status: 503, retryAfterSeconds: 1 });
    await expect(cache.load(a)).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('not an ONNX model'),
    });
    expect(sessions.opened).toHaveLength(1);
    clock.ms = 1000;
    await expect(cache.load(a)).rejects.toMatchObject({ retryAfterSeconds: 2 });
    clock.ms = 2999;
    await expect(cache.load(a)).rejects.toMatchObject({ status: 503 });
    expect(sessions.opened).toHaveLength(2);
    clock.ms = 3000;
    sessions.failing.clear();
    await cache.load(a);
    expect(a.state).toBe('READY');
  });

  test('unloading waits for the requests that use the model', async () => {
    const a = version('a');
    await cache.use(a, async () => {
      await cache.unload(a, 'unloaded');
      expect(a.state).toBe('UNLOADING');
      expect(sessions.released).toEqual([]);
    });
    expect(a.state).toBe('UNAVAILABLE');
    expect(sessions.released).toEqual(['/a/1/model.onnx']);
  });

  test('a model that loads again before it was let go keeps its session', async () => {
    const a = version('a');
    await cache.use(a, async () => {
      await cache.unload(a, 'unloaded');
      await cache.load(a);
      expect([a.state, a.reason, a.ready]).toEqual(['READY', '', true]);
    });
    expect(sessions.opened).toEqual(['/a/1/model.onnx']);
    expect(sessions.released).toEqual([]);
    await cache.unload(a, 'unloaded');
    expect(sessions.released).toEqual(['/a/1/model.onnx']);
  });

  test('a caller that leaves while the model loads is let go, and the load goes on', async () => {
    const opening = Promise.withResolvers<void>();
    sessions.gate = opening.promise;
    const a = version('a');
    const leaving = new AbortController();
    const left = cache.use(a, () => 'left', leaving.signal);
    const stayed = cache.use(a, () => 'stayed', new AbortController().signal);
    leaving.abort();
    await expect(left).rejects.toMatchObject({
      status: 504,
      message: "model 'a' version 1 is still loading: the deadline of the request passed before, or its caller left",
    });
    await expect(cache.use(a, () => 'late', leaving.signal)).rejects.toMatchObject({ status: 504 });
    opening.resolve();
    expect(await stayed).toBe('stayed');
    expect([a.state, a.users]).toEqual(['READY', 0]);
  });

  test('whoever keeps the log hears when a version begins to serve and is let go, and why', async () => {
    const heard: string[] = [];
    cache = new SessionCache(store, sessions.open, clock, {
      maxBytes: 100,
      intraOpThreads: 1,
      onLoaded: ({ name }) => heard.push(`${name} serves`),
      onReleased: ({ name }, reason) => heard.push(`${name}: ${reason}`),
    });
    const [a, b] = [version('a'), version('b')];
    await cache.load(a);
    await cache.load(b);
    await cache.unload(a, 'unloaded');
    await cache.unload(b, 'unloaded');
    expect(heard).toEqual([
      'a serves',
      'a: released to make room; loads again when asked for',
      'b serves',
      'b: unloaded',
    ]);
  });

  test('what the store says of a version is told without naming the version twice', async () => {
    const said = ["model 'a' version 1: model.onnx is damaged", "model 'a' version 1 names data that is not there"];
    const reasons = ['model.onnx is damaged', 'it names data that is not there'];
    for (const [index, message] of said.entries()) {
      store.fetch = () => Promise.reject(new Error(message));
      const a = version('a');
      await expect(cache.load(a)).rejects.toThrow(`model 'a' version 1 could not be loaded: ${reasons[index]}`);
      expect(a.whyNotReady()).toBe(`model 'a' version 1 is UNAVAILABLE: ${reasons[index]}`);
    }
  });

  test('whoever keeps the log hears the whole of why a load failed', async () => {
    const heard: unknown[] = [];
    const options = { maxBytes: 200, intraOpThreads: 1, onLoadFailed: (...all: unknown[]) => heard.push(...all) };
    const open = async () => {
      throw new Error('the runtime refused it', { cause: new Error('/home/models/a/1/model.onnx: line 7') });
    };
    const a = version('a');
    await expect(new SessionCache(store, open, clock, options).load(a)).rejects.toThrow('the runtime refused it');
    expect(heard).toEqual([a, expect.objectContaining({ cause: new Error('/home/models/a/1/model.onnx: line 7') })]);
    expect(a.reason).toBe('the runtime refused it');
  });

  test('a model that loads on first use is ready until that fails', async () => {
    const a = version('a', { load: 'first-use' });
    expect([a.state, a.reason, a.ready]).toEqual(['UNAVAILABLE', 'loads when it is first asked for', true]);
    sessions.failing.add('/a/1/model.onnx');
    await expect(cache.use(a, () => undefined)).rejects.toThrow();
    expect(a.whyNotReady()).toBe("model 'a' version 1 is UNAVAILABLE: not an ONNX model");
  });

  test('a missing label file, or a label of an unknown output, fails the load', async () => {
    await expect(cache.load(version('a', { labels: { y: 'labels.txt' } }))).rejects.toThrow('there is no labels.txt');
    store.texts['labels.txt'] = 'one\ntwo\n';
    await expect(cache.load(version('b', { labels: { no: 'labels.txt' } }))).rejects.toThrow(
      "the output 'no', which the model has not; it has 'y'",
    );
    const c = version('c', { labels: { y: 'labels.txt' } });
    await cache.load(c);
    expect(c.signature?.labels.get('y')).toEqual(['one', 'two']);
  });

  test.each([
    [{ w: [1, 2] }, "model.json names a warm-up shape of the input 'w', which the model has not; it has 'x'"],
    [{ x: [4, 3] }, "model.json gives input 'x' the warm-up shape [4,3]; it takes [-1,2], -1 being any size"],
    [{ x: [8] }, "model.json gives input 'x' the warm-up shape [8]; it takes [-1,2], -1 being any size"],
    [
      { x: [1e12, 2] },
      "input 'x' of shape [1000000000000,2] would have 2000000000000 elements; a warm-up takes 67108864 at most",
    ],
  ])('the warm-up shapes %j fail the load', async (warmupShapes, message) => {
    await expect(cache.load(version('a', { warmupShapes }))).rejects.toThrow(message);
    expect(sessions.runs).toBe(0);
  });

  test('warm-up shapes that fit are run, those of the settings before those that a task fills', async () => {
    const seen: (readonly number[])[] = [];
    const open: typeof sessions.open = async (path, options) => {
      const session = await sessions.open(path, options);
      const run: typeof session.run = (asked, signal) => {
        seen.push(...asked.inputs.map(({ shape }) => shape));
        return session.run(asked, signal);
      };
      return { ...session, run };
    };
    const preprocess = {
      takes: 'file',
      gives: 'inputs',
      shapes: { x: [3, 2] },
      apply: () => ({ tensors: [] }),
    } as const;
    const openTask = async () => ({ name: 'image-classification', preprocess }) as unknown as Task;
    const limits = { maxBytes: 1000, intraOpThreads: 1, openTask };
    const task = { name: 'image-classification' };
    await new SessionCache(store, open, clock, limits).load(version('a', { task }));
    await new SessionCache(store, open, clock, limits).load(version('b', { task, warmupShapes: { x: [0, 2] } }));
    expect(seen).toEqual([
      [3, 2],
      [0, 2],
    ]);
  });

  test('what a folder is for is known from the first load on, and nothing else of it counts where settings have a task', async () => {
    const taskOfFolder = async () => ({
      config: { name: 'text-classification' } as const,
      labels: new Map([['y', ['a', 'b']]]),
      words: 'texts',
    });
    const openTask = async ({ name }: { name: string }) => ({ name, preprocess: {} }) as unknown as Task;
    const options = { maxBytes: 1000, intraOpThreads: 1, openTask, taskOfFolder };
    const a = version('a');
    await new SessionCache(store, sessions.open, clock, options).load(a);
    expect(a).toMatchObject({
      taskName: 'text-classification',
      folder: 'texts',
      task: { name: 'text-classification' },
    });
    expect(a.signature?.labels.get('y')).toEqual(['a', 'b']);
    const b = version('b', { task: { name: 'tabular-regression' } });
    await new SessionCache(store, sessions.open, clock, options).load(b);
    expect(b).toMatchObject({ taskName: 'tabular-regression', folder: '' });
    const c = version('c', { sequence: { state: [], idleTimeoutMs: 1, maxSequences: 1, maxBytes: 1 } });
    await new SessionCache(store, sessions.open, clock, options).load(c);
    expect(c).toMatchObject({ taskName: undefined, folder: '' });
  });
});
