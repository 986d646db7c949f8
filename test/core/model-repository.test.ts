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
    const cache = new SessionCache(store, sessions.open, new FakeClock(), { maxBytes: 10_000, intraOpThreads: 1 });
    repository = new ModelRepository(store, cache);
  });

  test('is not ready before its models were looked at, nor while one of them failed', async () => {
    store.add('good');
    store.add('bad');
    sessions.failing.add('/bad/1/model.onnx');
    expect(repository.isReady()).toBe(false);
    await repository.refresh();
    expect(repository.isReady()).toBe(false);
    expect(repository.whyNotReady()).toContain("model 'bad' version 1");
    expect(repository.index()).toEqual([
      { name: 'good', version: '1', state: 'READY', reason: '' },
      { name: 'bad', version: '1', state: 'UNAVAILABLE', reason: 'not an ONNX model' },
    ]);
    sessions.failing.clear();
    await repository.load('bad');
    expect(repository.isReady()).toBe(true);
  });

  test('a model that loads on first use does not keep the server from being ready', async () => {
    store.add('lazy', [1], { config: { load: 'first-use' } });
    await repository.refresh();
    expect(sessions.opened).toEqual([]);
    expect(repository.isReady()).toBe(true);
  });

  test('an empty repository is ready once it was looked at', async () => {
    await repository.refresh();
    expect(repository.isReady()).toBe(true);
  });

  test('serves the newest version, by policy more, and always what an alias names', async () => {
    store.add('newest', [1, 2, 3]);
    store.add('all', [1, 2], { config: { versionPolicy: { kind: 'all' } } });
    store.add('some', [1, 2, 3], {
      config: { versionPolicy: { kind: 'specific', versions: [2] } },
      aliases: { old: 1 },
    });
    await repository.refresh();
    expect(repository.resolve('newest').version).toBe(3);
    expect(repository.versions('all').map((v) => v.version)).toEqual([1, 2]);
    expect(repository.resolve('some', 'old').version).toBe(1);
    expect(() => repository.resolve('some', '3')).toThrow("model 'some' has no version or alias '3'; it has 1, 2, old");
    expect(() => repository.resolve('nope')).toThrow("there is no model 'nope'");
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
    store.add('m', [1, 2], { aliases: { production: 1 } });
    await repository.refresh();
    expect(repository.resolve('m').version).toBe(1);
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
    expect(repository.index().map(({ version, state }) => [version, state])).toEqual([
      ['1', 'READY'],
      ['2', 'UNAVAILABLE'],
    ]);
    expect(repository.isReady()).toBe(false);
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
    expect(repository.index()).toEqual([{ name: 'a', state: 'UNAVAILABLE', reason: "model.json: unknown key 'laod'" }]);
  });
});
