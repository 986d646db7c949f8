import { expect, test } from '@jest/globals';
import { ServedModel } from '../../src/core/served-model.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import type { StoredModel } from '../../src/ports/model-store.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeStore } from '../fakes/fake-store.ts';
import { NamedSessions } from '../fakes/named-sessions.ts';

test('what a change of its parts has taken in again is what the store had last, also where that is still being taken in', async () => {
  const store = new FakeStore();
  const sessions = new NamedSessions();
  const cache = new SessionCache(store, sessions.open, new FakeClock(), { maxBytes: 10_000, intraOpThreads: 1 });
  sessions.define('double', ['x'], ['y'], async ({ x }) => ({ y: x ?? [] }));
  store.add('double', [1]);
  const model = new ServedModel((await store.find('double')) as StoredModel, cache);
  store.add('double', [1, 2]);
  await Promise.all([model.refresh((await store.find('double')) as StoredModel), model.refreshAgain()]);
  expect(model.resolve().version).toBe(2);
});
