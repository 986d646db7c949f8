import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { openUsage } from '../../../src/adapters/usage/open-usage.ts';
import { UsageReader } from '../../../src/adapters/usage/usage-reader.ts';
import type { AnsweredCall } from '../../../src/ports/answered-call.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';

let root = '';
let now = new Date('2026-11-29T12:00:00Z');
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tensorgate-usage-'));
  now = new Date('2026-11-29T12:00:00Z');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const said: string[] = [];
const say = (_fields: object, message: string) => void said.push(message);
const host = (id: string) => ({ id, kind: 'lambda', gigabytes: 2, vcpus: 1, architecture: 'x86_64' }) as const;
const usage = (id: string) =>
  openUsage({
    models: root,
    host: host(id),
    gigabytesOf: () => 2,
    log: { info: say, warn: say, error: say },
    now: () => now,
  });
const call = (more: Partial<AnsweredCall> = {}): AnsweredCall => ({
  protocol: 'http',
  method: 'POST',
  requestId: 'r',
  caller: 'ann',
  status: 200,
  ms: 1500,
  waitedMs: 500,
  served: { model: 'm', version: '1' },
  body: new Uint8Array(3),
  answerBytes: 4,
  ...more,
});

test('what a caller has used is its calls on this host, and on others as they were last read', async () => {
  const [here, there] = [usage('here'), usage('there')];
  here.add(call());
  there.add(call());
  there.add(call());
  await there.flush();
  expect(here.of('ann')).toMatchObject({ requestsToday: 1, requestsThisMonth: 1 });
  await here.refresh();
  expect(here.of('ann').requestsToday).toBe(3);
  // Three seconds of 2 GB, and three requests.
  expect(here.of('ann').costToday).toBeCloseTo(6 * 0.0000166667 + 3 * 3.7e-6, 9);
  expect(here.of('bob')).toEqual({ requestsToday: 0, requestsThisMonth: 0, costToday: 0 });
  await here.flush();
  await here.refresh();
  expect(here.of('ann').requestsToday).toBe(3);
});

test('a new day begins with nothing, a new month too', async () => {
  const [here, there] = [usage('here'), usage('there')];
  for (const each of [here, there]) {
    each.add(call());
    await each.flush();
  }
  await here.refresh();
  now = new Date('2026-11-30T00:00:01Z');
  expect(here.of('ann')).toMatchObject({ requestsToday: 0, requestsThisMonth: 2 });
  here.add(call());
  await here.flush();
  await here.refresh();
  expect(here.of('ann')).toMatchObject({ requestsToday: 1, requestsThisMonth: 3 });
  now = new Date('2026-12-01T00:00:01Z');
  expect(here.of('ann')).toMatchObject({ requestsToday: 0, requestsThisMonth: 0 });
});

test('each host has a file for each day, with rows of what was answered and of what failed', async () => {
  const here = usage('here');
  here.add(call({ served: { model: 'm', version: '1', items: 2, tokens: { input: 5, output: 7 } } }));
  here.add(call({ served: undefined, error: new ServiceError(404, 'none'), status: 404 }));
  // What is there, and whether it is ready, is not counted.
  here.add(call({ served: undefined, method: 'GET' }));
  expect(await here.read('2026-11-29', '2026-11-29')).toMatchObject([{ rows: [{ requests: 1 }, { failed: 1 }] }]);
  now = new Date('2026-11-30T08:00:00Z');
  here.add(call());
  await here.end();
  const store = new DirectoryObjectStore(join(root, '.usage'));
  expect((await store.list('')).map(({ key }) => key)).toEqual(['2026-11-29/here.json', '2026-11-30/here.json']);
  const [first, second] = await new UsageReader(store).read('2026-11-01', '2026-12-31');
  const times = { from: '2026-11-29T12:00:00.000Z', to: '2026-11-29T23:59:59.999Z' };
  const counted = { items: 2, inputTokens: 5, outputTokens: 7, bytesIn: 3, bytesOut: 4, ms: 1000, gbSeconds: 2 };
  expect(first).toEqual({
    host: host('here'),
    day: '2026-11-29',
    ...times,
    rows: [
      { caller: 'ann', model: 'm', version: '1', requests: 1, failed: 0, ...counted },
      expect.objectContaining({ caller: 'ann', model: '', version: '', requests: 0, failed: 1, gbSeconds: 0 }),
    ],
  });
  expect(second).toMatchObject({ day: '2026-11-30', rows: [{ requests: 1 }] });
  expect(await new UsageReader(store).read('2026-11-30', '2026-11-30')).toHaveLength(1);
});

test('what cannot be written is counted on, and written later', async () => {
  const store = new DirectoryObjectStore(root);
  await store.replace('.usage', Buffer.from('a file in the way'));
  const here = usage('here');
  here.add(call());
  await here.flush();
  await here.flush();
  expect(said).toEqual(['usage cannot be written; it is counted on']);
  await store.remove('.usage');
  here.add(call());
  await here.end();
  expect(await here.read('2026-11-29', '2026-11-29')).toMatchObject([{ rows: [{ requests: 2 }] }]);
  expect(await usage('other').read('2026-11-29', '2026-11-29')).toMatchObject([{ rows: [{ requests: 2 }] }]);
});

test('a file that is known is not read again, one that is none of theirs is passed over', async () => {
  const store = new DirectoryObjectStore(root);
  await store.replace('2026-11-29/h.json', Buffer.from('{"host":{"id":"h"},"rows":[]}'));
  await store.replace('2026-11-29/damaged.json', Buffer.from('{'));
  await store.replace('2026-11-29/notes.txt', Buffer.from('{}'));
  let reads = 0;
  const reader = new UsageReader({
    list: (prefix) => store.list(prefix),
    read: (file, start, end) => {
      reads += 1;
      return store.read(file, start, end);
    },
  });
  for (let i = 0; i < 3; i += 1) expect(await reader.read('2026-11-29', '2026-11-30')).toHaveLength(1);
  expect(reads).toBe(2);
});
