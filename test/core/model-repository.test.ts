import { beforeEach, describe, expect, test } from '@jest/globals';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeSessions } from '../fakes/fake-sessions.ts';
import { FakeStore } from '../fakes/fake-store.ts';

describe('ModelRepository', () => {
  let store: FakeStore;
  let sessions: FakeSessions;
  let repository: ModelRepository;

  beforeEach(() => {
    store = new FakeStore();
    sessions = new FakeSessions();
    repository = newRepository(10_000);
  });

  function newRepository(maxBytes: number): ModelRepository {
    const cache = new SessionCache(store, sessions.open, new FakeClock(), { maxBytes, intraOpThreads: 1 });
    return new ModelRepository(store, cache);
  }

  test('is not ready before its models were looked at, nor while one of them failed', async () => {
    store.add('good');
    store.add('bad');
    sessions.failing.add('/bad/1/model.onnx');
    expect(repository.isReady()).toBe(false);
    await repository.refresh();
    expect(repository.isReady()).toBe(false);
    expect(repository.whyNotReady()).toContain("model 'bad' version 1");
    expect(repository.index()).toEqual([
      { name: 'good', version: '1', state: 'READY', ready: true, reason: '' },
      { name: 'bad', version: '1', state: 'UNAVAILABLE', ready: false, reason: 'not an ONNX model' },
    ]);
    sessions.failing.clear();
    await repository.load('bad');
    expect(repository.isReady()).toBe(true);
  });

  test('does not say that there is no such model before it knows which there are', async () => {
    store.add('m');
    const listed = Promise.withResolvers<void>();
    const list = store.list.bind(store);
    store.list = async () => {
      await listed.promise;
      return list();
    };
    const refreshing = repository.refresh();
    const unknown = expect.objectContaining({
      status: 503,
      retryAfterSeconds: 1,
      message: 'the server has just started, and does not know yet which models there are',
    });
    expect(() => repository.resolve('m')).toThrow(unknown);
    expect(() => repository.listed()).toThrow(unknown);
    expect(repository.whyNotReady()).toBe('the models are being listed');
    listed.resolve();
    await refreshing;
    expect(repository.resolve('m').version).toBe(1);
    expect(repository.listed()).toEqual(['m']);
    expect(() => repository.resolve('n')).toThrow(expect.objectContaining({ status: 404 }));
  });

  test('a model that loads on first use does not keep the server from being ready', async () => {
    store.add('lazy', [1], { config: { load: 'first-use' } });
    await repository.refresh();
    expect(sessions.opened).toEqual([]);
    expect(repository.isReady()).toBe(true);
    expect(repository.whyModelNotReady('lazy')).toBeUndefined();
    expect(repository.index()).toEqual([
      { name: 'lazy', version: '1', state: 'UNAVAILABLE', ready: true, reason: 'loads when it is first asked for' },
    ]);
  });

  test('a server with nothing to serve is not ready, and says so', async () => {
    await repository.refresh();
    expect(repository.whyNotReady()).toBe('there is no model to serve');
    store.add('a');
    await repository.refresh();
    expect(repository.isReady()).toBe(true);
    await repository.unload('a');
    expect(repository.isReady()).toBe(true);
  });

  test('a model that comes while the server runs counts once it has answered', async () => {
    store.add('old');
    await repository.refresh();
    store.add('new');
    sessions.failing.add('/new/1/model.onnx');
    const refreshing = repository.refresh();
    expect(repository.isReady()).toBe(true);
    await refreshing;
    expect(repository.isReady()).toBe(true);
    expect(repository.whyModelNotReady('new')).toBe("model 'new' version 1 is UNAVAILABLE: not an ONNX model");
    sessions.failing.clear();
    await repository.load('new');
    await repository.refresh();
    store.add('new', [2]);
    sessions.failing.add('/new/2/model.onnx');
    await repository.refresh();
    expect(repository.whyNotReady()).toContain("model 'new' version 2");
  });

  test('serves the newest version, by policy more, and always what an alias names', async () => {
    store.add('newest', [1, 2, 3]);
    store.add('all', [1, 2], { config: { versionPolicy: { kind: 'all' } } });
    store.add('some', [1, 2, 3], {
      config: { versionPolicy: { kind: 'specific', versions: [2] } },
      aliases: { old: { version: 1 } },
    });
    await repository.refresh();
    expect(repository.resolve('newest').version).toBe(3);
    expect(repository.versions('all').map((v) => v.version)).toEqual([1, 2]);
    expect(repository.resolve('some', 'old').version).toBe(1);
    expect(() => repository.resolve('some', '3')).toThrow(
      "model 'some' version 3 is in the repository, but the version policy does not serve it: " +
        'set versionPolicy in model.json, or an alias; it serves 1, 2, old',
    );
    expect(() => repository.resolve('some', '4')).toThrow("model 'some' has no version or alias '4'; it has 1, 2, old");
    expect(() => repository.resolve('nope')).toThrow("there is no model 'nope'");
    for (const [name, version] of [['some', '3'], ['some', '4'], ['nope']] as const)
      expect(() => repository.resolve(name, version)).toThrow(
        expect.objectContaining({ status: 404, code: 'model_not_found', field: 'model' }),
      );
  });

  test.each(['../1', '01', '0', '1e3', '-1', 'constructor', '__proto__', '9'.repeat(400)])(
    'no version %s',
    async (reference) => {
      store.add('m');
      await repository.refresh();
      expect(() => repository.resolve('m', reference)).toThrow(expect.objectContaining({ status: 404 }));
    },
  );

  test('without a version, the alias production decides', async () => {
    store.add('m', [1, 2], { aliases: { production: { version: 1 } } });
    await repository.refresh();
    expect(repository.resolve('m').version).toBe(1);
  });

  test('what an alias leads to is served, its canary and its shadow too', async () => {
    const production = { version: 1, canary: { version: 2, percent: 0 }, shadow: { version: 3, percent: 1 } };
    store.add('m', [1, 2, 3, 4, 5], { aliases: { production } });
    await repository.refresh();
    expect(repository.versions('m').map(({ version }) => version)).toEqual([1, 2, 3, 5]);
  });

  test('a new version is loaded before the old one goes', async () => {
    store.add('m', [1]);
    await repository.refresh();
    store.add('m', [1, 2]);
    const refreshing = repository.refresh();
    expect(repository.resolve('m').version).toBe(1);
    await refreshing;
    expect(repository.resolve('m').version).toBe(2);
    expect(sessions.released).toEqual(['/m/1/model.onnx']);
  });

  test('a new version that does not load leaves the old one serving, and says why', async () => {
    store.add('m', [1]);
    await repository.refresh();
    store.add('m', [1, 2]);
    sessions.failing.add('/m/2/model.onnx');
    await repository.refresh();
    expect(repository.resolve('m').version).toBe(1);
    expect(repository.index().map(({ version, state, reason }) => [version, state, reason])).toEqual([
      ['1', 'READY', ''],
      ['2', 'UNAVAILABLE', 'not an ONNX model'],
    ]);
    expect(repository.isReady()).toBe(true);
    expect(repository.whyModelNotReady('m')).toBeUndefined();
    expect(repository.whyModelNotReady('m', '2')).toBe("model 'm' version 2 is UNAVAILABLE: not an ONNX model");
    await expect(repository.load('m')).rejects.toMatchObject({ status: 503 });
    expect(repository.resolve('m').version).toBe(1);

    sessions.failing.clear();
    await repository.load('m');
    expect(repository.versions('m').map(({ version }) => version)).toEqual([2]);
  });

  test('at the start too, the newest version that loads serves', async () => {
    store.add('m', [1, 2, 3]);
    for (const version of [2, 3]) sessions.failing.add(`/m/${version}/model.onnx`);
    await repository.refresh();
    expect(repository.resolve('m').version).toBe(1);
    expect(repository.isReady()).toBe(true);
  });

  test('with broken versions only, the server is not ready, and says why', async () => {
    store.add('m', [1, 2]);
    for (const version of [1, 2]) sessions.failing.add(`/m/${version}/model.onnx`);
    await repository.refresh();
    expect(repository.whyNotReady()).toBe("model 'm' version 2 is UNAVAILABLE: not an ONNX model");
  });

  test('a model in memory that loads on first use is replaced only by what is loaded', async () => {
    const config = { load: 'first-use' } as const;
    store.add('m', [1], { config });
    await repository.refresh();
    await repository.load('m');
    store.add('m', [1, 2], { config });
    const refreshing = repository.refresh();
    expect(repository.resolve('m').version).toBe(1);
    await refreshing;
    expect(repository.resolve('m')).toMatchObject({ version: 2, state: 'READY' });
  });

  test('a model released to make room is ready, and no refresh brings it back', async () => {
    store.bytes = 6000;
    store.add('a');
    store.add('b');
    await repository.refresh();
    await repository.refresh();
    expect(sessions.opened).toEqual(['/a/1/model.onnx', '/b/1/model.onnx']);
    expect(repository.isReady()).toBe(true);
    expect(repository.index()[0]).toMatchObject({
      state: 'UNAVAILABLE',
      ready: true,
      reason: 'released to make room; loads again when asked for',
    });
  });

  test('unloading one model leaves the others, and the server, ready', async () => {
    store.add('a');
    store.add('b');
    await repository.refresh();
    await repository.unload('a');
    expect(repository.isReady()).toBe(true);
    expect(() => repository.resolve('a')).toThrow('is unloaded');
    expect(repository.resolve('b').state).toBe('READY');
    await repository.refresh();
    expect(() => repository.resolve('a')).toThrow('is unloaded');
    await repository.load('a');
    expect(repository.resolve('a').state).toBe('READY');
  });

  test('a model removed from the store is let go', async () => {
    store.add('a');
    await repository.refresh();
    store.models.clear();
    await repository.refresh();
    expect(repository.names()).toEqual([]);
    expect(sessions.released).toEqual(['/a/1/model.onnx']);
  });

  test('settings that do not hold keep the model from being served, and say why', async () => {
    store.add('a', [1], { problem: "model.json: unknown key 'laod'" });
    await repository.refresh();
    expect(() => repository.resolve('a')).toThrow("model 'a' cannot be served: model.json: unknown key 'laod'");
    expect(repository.isReady()).toBe(false);
    expect(repository.index()).toEqual([
      { name: 'a', state: 'UNAVAILABLE', ready: false, reason: "model.json: unknown key 'laod'" },
    ]);
    await expect(repository.load('a')).rejects.toMatchObject({
      status: 503,
      message: "model 'a' cannot be loaded: model.json: unknown key 'laod'",
    });
  });

  describe('settings that break while a model serves', () => {
    const aliases = { production: { version: 1 } };
    beforeEach(async () => {
      store.add('m', [1, 2], { aliases });
      await repository.refresh();
    });
    const reasons = () => repository.index().map(({ version, state, reason }) => [version, state, reason]);

    test('leave it serving with those before, new versions too, and say so', async () => {
      store.add('m', [1, 2, 3], { problem: 'aliases.json: not JSON' });
      await repository.refresh();
      expect(repository.isReady()).toBe(true);
      expect(repository.resolve('m').version).toBe(1);
      expect(repository.resolve('m', '3').state).toBe('READY');
      const problem = 'aliases.json: not JSON; what served before goes on serving';
      expect(reasons()).toEqual([
        ['1', 'READY', problem],
        ['3', 'READY', problem],
      ]);
      expect(repository.problems()).toEqual([{ model: 'm', problem }]);
      expect(sessions.released).toEqual(['/m/2/model.onnx']);
      await expect(repository.load('m')).rejects.toMatchObject({ status: 503 });

      store.add('m', [1, 2, 3], { aliases: { production: { version: 3 } } });
      await repository.refresh();
      expect(repository.resolve('m').version).toBe(3);
      expect(repository.problems()).toEqual([]);
    });

    test('an alias moves once its version is there, and loads', async () => {
      store.add('m', [1, 2], { aliases: { production: { version: 7 }, next: { version: 7 } } });
      await repository.refresh();
      expect(repository.isReady()).toBe(true);
      expect(repository.resolve('m').version).toBe(1);
      expect(() => repository.resolve('m', 'next')).toThrow(
        "model 'm': alias 'next' names version 7, which is not there",
      );
      expect(reasons()[0]).toEqual([
        '1',
        'READY',
        "model 'm': alias 'production' names version 7, which is not there; what served before goes on serving",
      ]);

      store.add('m', [1, 2, 3], { aliases: { production: { version: 7 } } });
      await repository.refresh();
      expect(repository.resolve('m', '3').state).toBe('READY');
      expect(sessions.opened.filter((path) => path === '/m/3/model.onnx')).toHaveLength(1);

      sessions.failing.add('/m/7/model.onnx');
      store.add('m', [1, 2, 7], { aliases: { production: { version: 7 } } });
      await repository.refresh();
      expect(repository.resolve('m').version).toBe(1);
      expect(repository.isReady()).toBe(true);

      sessions.failing.clear();
      await repository.load('m');
      expect(repository.resolve('m').version).toBe(7);
    });

    test('an older version does not take the place of one that loads only with those before', async () => {
      store.add('n', [1, 2]);
      await repository.refresh();
      sessions.failing.add('/n/2/model.onnx');
      store.add('n', [1, 2], { config: { pinned: true } });
      await repository.refresh();
      expect(repository.resolve('n')).toMatchObject({ version: 2, state: 'READY', config: { pinned: false } });
    });

    test('settings under which a version that serves would not load are not taken in', async () => {
      const labels = { y: 'labels.txt' };
      store.add('m', [1, 2], { aliases, config: { labels } });
      await repository.refresh();
      expect(repository.resolve('m').state).toBe('READY');
      expect(repository.isReady()).toBe(true);
      expect(repository.problems()).toEqual([
        { model: 'm', problem: expect.stringMatching(/there is no labels.txt; what served before goes on serving$/) },
      ]);
      await repository.refresh();
      expect(sessions.opened.filter((path) => path === '/m/1/model.onnx')).toHaveLength(2);
      await expect(repository.load('m')).rejects.toThrow('there is no labels.txt');

      store.texts['labels.txt'] = 'one\ntwo\n';
      await repository.load('m');
      expect(repository.resolve('m').config.labels).toEqual(labels);
      expect(sessions.released).toHaveLength(sessions.opened.length - 2);
    });
  });

  describe('a version whose files were overwritten', () => {
    const path = '/m/2/model.onnx';
    beforeEach(async () => {
      store.add('m', [1, 2]);
      await repository.refresh();
      store.digests.set('m-2', 'other');
    });

    test('is loaded anew where a caller asks for that, once, and not by itself', async () => {
      const before = repository.resolve('m');
      await repository.refresh();
      expect(sessions.opened).toEqual([path]);
      await repository.load('m');
      expect(sessions.opened).toEqual([path, path]);
      expect(sessions.released).toEqual([path]);
      const after = repository.resolve('m');
      expect(after).not.toBe(before);
      expect(after).toMatchObject({ version: 2, state: 'READY', digest: 'other' });
      await repository.load('m');
      expect(sessions.opened).toEqual([path, path]);
    });

    test('goes on serving as it was where the new files do not load, and the caller is told', async () => {
      const before = repository.resolve('m');
      sessions.failing.add(path);
      await expect(repository.load('m')).rejects.toMatchObject({
        status: 503,
        message: "model 'm' version 2 could not be loaded: not an ONNX model",
      });
      expect(repository.resolve('m')).toBe(before);
      expect(before.state).toBe('READY');
      expect(repository.isReady()).toBe(true);
      expect(repository.problems()).toEqual([
        {
          model: 'm',
          problem: "model 'm' version 2 is UNAVAILABLE: not an ONNX model; what served before goes on serving",
        },
      ]);
      await repository.refresh();
      expect(repository.resolve('m')).toBe(before);

      sessions.failing.clear();
      await repository.load('m');
      expect(repository.resolve('m')).not.toBe(before);
      expect(repository.problems()).toEqual([]);
      expect(before.session).toBeUndefined();
    });

    test('is not let go to make room for the new files before those have loaded', async () => {
      repository = newRepository(100);
      store.digests.clear();
      await repository.refresh();
      const before = repository.resolve('m');
      store.digests.set('m-2', 'other');
      sessions.failing.add(path);
      await expect(repository.load('m')).rejects.toMatchObject({ status: 503 });
      expect(repository.resolve('m')).toBe(before);
      expect(before.session).toBeDefined();
      expect(before.users).toBe(0);

      sessions.failing.clear();
      await repository.load('m');
      expect(repository.resolve('m')).not.toBe(before);
      expect(before.session).toBeUndefined();
    });

    test.each([
      ['an alias names a version that is not there', { stable: { version: 7 } }, 0],
      ['runs of it have stalled', {}, 1],
    ])('goes on serving where the new files do not load, also while %s', async (_, aliases, stalledRuns) => {
      repository = newRepository(10_000);
      store.digests.clear();
      store.add('m', [1, 2], { aliases });
      await repository.refresh();
      store.digests.set('m-2', 'other');
      sessions.released.length = 0;
      const before = repository.resolve('m', '2');
      before.stalledRuns = stalledRuns;
      sessions.failing.add(path);
      await expect(repository.load('m')).rejects.toMatchObject({ status: 503 });
      expect(repository.resolve('m', '2')).toBe(before);
      expect(before.state).toBe('READY');
      expect(sessions.released).toEqual([]);
      await repository.refresh();
      expect(repository.resolve('m', '2')).toBe(before);

      sessions.failing.clear();
      await repository.load('m').catch(() => undefined);
      expect(repository.resolve('m', '2')).toMatchObject({ state: 'READY', digest: 'other', stalledRuns: 0 });
      expect(before.session).toBeUndefined();
    });

    test('is no longer there: the next one serves', async () => {
      store.add('m', [1]);
      await repository.load('m');
      expect(repository.resolve('m').version).toBe(1);
    });
  });

  test('an alias that names no version there keeps the model from being ready; calls by number are answered', async () => {
    store.add('m', [2], { aliases: { production: { version: 7 } } });
    await repository.refresh();
    const message = "model 'm': alias 'production' names version 7, which is not there";
    expect(repository.whyNotReady()).toBe(message);
    expect(() => repository.resolve('m')).toThrow(expect.objectContaining({ status: 503, message }));
    expect(() => repository.resolve('m', 'production')).toThrow(message);
    expect(() => repository.resolve('m', '7')).toThrow("model 'm' has no version or alias '7'; it has 2");
    expect(repository.resolve('m', '2').state).toBe('READY');
    expect(repository.index()).toEqual([{ name: 'm', version: '2', state: 'READY', ready: true, reason: message }]);
    await expect(repository.load('m')).rejects.toMatchObject({ status: 503, message });
  });

  test('a version policy that serves nothing is an error, of a load too', async () => {
    store.add('m', [1], { config: { versionPolicy: { kind: 'specific', versions: [9] } } });
    await repository.refresh();
    const message = "model 'm': its version policy serves none of the versions that there are";
    expect(repository.whyNotReady()).toBe(message);
    expect(repository.index()).toEqual([{ name: 'm', state: 'UNAVAILABLE', ready: false, reason: message }]);
    await expect(repository.load('m')).rejects.toMatchObject({ status: 503, message });
  });

  test('what is in the wrong place shows in the index, is no model, and does not count', async () => {
    const misplaced = ["'flat/model.onnx' lies in no version's folder"];
    store.add('flat', [], { problem: misplaced[0] ?? '', misplaced });
    await repository.refresh();
    expect(repository.whyNotReady()).toBe('there is no model to serve');
    store.add('good', [1], { misplaced: ["'good/v2' is no version"] });
    await repository.refresh();
    expect(repository.isReady()).toBe(true);
    expect(repository.names()).toEqual(['good']);
    expect(repository.index()).toEqual([
      { name: 'flat', state: 'UNAVAILABLE', ready: false, reason: misplaced[0] },
      { name: 'good', version: '1', state: 'READY', ready: true, reason: "'good/v2' is no version" },
    ]);
    expect(repository.problems()).toEqual([
      { model: 'flat', problem: misplaced[0] },
      { model: 'good', problem: "'good/v2' is no version" },
    ]);
    expect(() => repository.resolve('flat')).toThrow("'flat/model.onnx' lies in no version's folder");
  });

  test('a model whose versions all went says what lies there instead', async () => {
    store.add('a');
    store.add('b');
    await repository.refresh();
    store.add('a', [], { problem: "'a/v1' is no version", misplaced: ["'a/v1' is no version"] });
    await repository.refresh();
    expect(() => repository.resolve('a')).toThrow("model 'a' cannot be served: 'a/v1' is no version");
    expect(sessions.released).toEqual(['/a/1/model.onnx']);
    expect(repository.isReady()).toBe(true);
  });
});
