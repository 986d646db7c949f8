import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CallChain } from '../../../src/adapters/audit/call-chain.ts';
import { verifyAudit } from '../../../src/adapters/audit/verify-audit.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import type { ObjectStore } from '../../../src/ports/object-store.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';

let folder = '';
let said: string[] = [];
let now = new Date('2026-11-29T23:59:59Z');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-chain-'));
  said = [];
  now = new Date('2026-11-29T23:59:59Z');
});
afterEach(() => rm(folder, { recursive: true }));

const say = (_fields: object, message: string) => void said.push(message);
const log = { info: say, warn: say, error: say };

function chain(store: ObjectStore = new DirectoryObjectStore(folder), mostBytes = 1e6): CallChain {
  return new CallChain({ store, host: 'host', log, now: () => now, mostBytes });
}

async function lines(day: string, segment: number): Promise<Record<string, unknown>[]> {
  const path = join(folder, 'calls', day, 'host', `0000000${segment}.jsonl`);
  const text = await readFile(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function verified() {
  const { chains, faults } = await verifyAudit(new DirectoryObjectStore(folder), { heads: [] });
  expect(faults).toEqual([]);
  return chains;
}

test('goes on past the end of a day, in segments of the next one', async () => {
  const calls = chain();
  calls.add({ kind: 'call', who: 'a' });
  now = new Date('2026-11-30T00:00:01Z');
  calls.add({ kind: 'call', who: 'b' });
  await calls.flush();
  calls.add({ kind: 'call', who: 'c' });
  await calls.end();
  expect((await lines('2026-11-29', 1)).map(({ kind, who }) => who ?? kind)).toEqual(['begin', 'a']);
  expect((await lines('2026-11-30', 2)).map(({ kind, who }) => who ?? kind)).toEqual(['b']);
  expect((await lines('2026-11-30', 3)).map(({ kind, who }) => who ?? kind)).toEqual(['c', 'end']);
  expect(await verified()).toEqual([expect.objectContaining({ chain: 'calls/host', lines: 5, isEnded: true })]);
});

test('segments stay small enough for one request each', async () => {
  const calls = chain(undefined, 1e8);
  for (let i = 0; i < 5; i += 1) calls.add({ kind: 'call', path: 'x'.repeat(1024 ** 2) });
  await calls.end();
  const sizes = await Promise.all([1, 2, 3].map(async (segment) => (await lines('2026-11-29', segment)).length));
  expect(sizes).toEqual([3, 2, 2]);
  await verified();
});

test('of a process that had nothing to say there is nothing', async () => {
  await chain().end();
  expect(await verified()).toEqual([]);
});

/** Files of the folder whose next `create`s fail, before or after they have stored. */
function failing(fails: ('before' | 'after')[]): ObjectStore {
  const store = new DirectoryObjectStore(folder);
  const create: ObjectStore['create'] = async (key, body) => {
    const how = fails.shift();
    const created = how === 'before' ? undefined : await store.create(key, body);
    if (how || !created) throw new ServiceError(503, 'S3 is away');
    return created;
  };
  return Object.assign(Object.create(store), {
    create,
    list: (prefix: string) => store.list(prefix),
    read: store.read.bind(store),
  });
}

test.each(['before', 'after'] as const)(
  'what could not be written waits, where the answer failed %s it was stored',
  async (how) => {
    const calls = chain(failing([how, how]));
    calls.add({ kind: 'call', who: 'a' });
    await expect(calls.flush()).rejects.toThrow('S3 is away');
    calls.add({ kind: 'call', who: 'b' });
    await expect(calls.flush()).rejects.toThrow('S3 is away');
    expect(calls.waiting).toBe(3);
    await calls.flush();
    expect(calls.waiting).toBe(0);
    await calls.end();
    expect(await verified()).toEqual([expect.objectContaining({ lines: 4 })]);
  },
);

test('what there is no room for is lost, and it is said: at once in the log, then in the chain', async () => {
  const calls = chain(failing(['before']), 400);
  for (const who of ['a', 'b', 'c', 'd']) calls.add({ kind: 'call', who });
  expect(said).toEqual(['the audit log is full: lines are lost from now on']);
  await expect(calls.flush()).rejects.toThrow();
  await calls.flush();
  calls.add({ kind: 'call', who: 'e' });
  await calls.end();
  const second = await lines('2026-11-29', 2);
  const lost = 4 - (await lines('2026-11-29', 1)).filter(({ kind }) => kind === 'call').length;
  expect(lost).toBeGreaterThan(0);
  expect(second.map(({ kind, lines: count }) => count ?? kind)).toEqual([lost, 'call', 'end']);
  await verified();
});

test('where the end cannot be written, the log says how many lines are lost', async () => {
  const calls = chain(failing(['before']));
  calls.add({ kind: 'call' });
  await calls.end();
  expect(said).toEqual(['lines of the audit log are lost']);
});
