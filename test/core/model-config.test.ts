import { expect, test } from '@jest/globals';
import { DataPlane } from '../../src/core/data-plane.ts';
import { modelConfig } from '../../src/core/model-config.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeSessions } from '../fakes/fake-sessions.ts';
import { FakeStore } from '../fakes/fake-store.ts';

const cpu = { kind: 'KIND_CPU', gpus: [] };

test.each([
  ['a GPU', 'cuda:1', { kind: 'KIND_GPU', gpus: [1] }],
  ['the processor', undefined, cpu],
  ['the processor, where its tensors can stay', 'cpu:0', cpu],
])('says that a model runs on %s, also once it was let go', async (_where, device, place) => {
  const store = new FakeStore();
  store.add('m', [1], { config: { runsAtOnce: 2 } });
  const sessions = new FakeSessions();
  const open: typeof sessions.open = async (...given) => ({ ...(await sessions.open(...given)), device });
  const cache = new SessionCache(store, open, new FakeClock(), { maxBytes: 10_000, intraOpThreads: 1 });
  const dataPlane = new DataPlane(new ModelRepository(store, cache), cache, new RunQueue(1, 10), new FakeClock());
  await dataPlane.repository.refresh();
  const version = dataPlane.repository.resolve('m');
  const expected = { instance_group: [{ name: 'm', count: 2, ...place }] };
  expect(modelConfig(version, await dataPlane.signature(version))).toMatchObject(expected);
  await dataPlane.repository.unload('m');
  expect(version.session).toBeUndefined();
  expect(modelConfig(version, version.signature as NonNullable<typeof version.signature>)).toMatchObject(expected);
});
