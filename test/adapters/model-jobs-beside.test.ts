import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { LocalModelJobs } from '../../src/adapters/model-jobs/local-model-jobs.ts';
import { ServerLease } from '../../src/adapters/model-jobs/server-lease.ts';
import { endModelJob } from '../../src/core/model-jobs/end-model-job.ts';
import { runFiles } from '../../src/core/model-jobs/run-files.ts';

const begun: string[] = [];
const ended: string[] = [];
let folder: string;
let data: DirectoryObjectStore;
let other: ServerLease;
let servers: LocalModelJobs[];

beforeEach(async () => {
  // The clock of leases is the test's, all others are the machine's.
  jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'queueMicrotask', 'setImmediate', 'setTimeout'] });
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-beside-'));
  data = new DirectoryObjectStore(folder);
  other = new ServerLease(data);
  await other.renew();
  servers = [];
  begun.splice(0);
  ended.splice(0);
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  jest.useRealTimers();
  await rm(folder, { recursive: true });
});

const write = (key: string, value: object) => data.replace(key, Buffer.from(JSON.stringify(value)));

/** A job that the other server does. */
async function beginThere(id: string, kind = 'train'): Promise<void> {
  await write(`model-jobs/${id}.json`, { id, kind, model: 'm', options: {}, inputs: {}, createdAt: 0 });
  await write(`model-runs/${id}/started.json`, { at: '2026-12-01T00:00:00.000Z', by: other.by });
  if (kind === 'train') await write(`model-checkpoints/${id}/m.checkpoint`, {});
}

async function startHere(): Promise<void> {
  const server = new LocalModelJobs({
    data,
    most: 1,
    run: (job) => {
      begun.push(job.id);
      return endModelJob(runFiles(data, job.id), job, { status: 'completed', versions: [] }, new Date());
    },
    onEnd: (job, { status }) => void ended.push(`${job.id} ${status}`),
    onFailure: (_job, error) => ended.push(String(error)),
  });
  servers.push(server);
  await server.start();
}

async function passSeconds(seconds: number, isOtherThere: boolean): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 15) {
    if (isOtherThere) await other.renew();
    jest.advanceTimersByTime(15_000);
    await pause(30);
  }
}

/** Goes on until `isThere`: the machine may be too busy for all that a minute of leases asks of it. */
async function passUntil(isThere: () => boolean): Promise<void> {
  while (!isThere()) await passSeconds(15, false);
}

test('what another server does is left to it, whatever its kind, for as long as it runs', async () => {
  await beginThere('job_1');
  await beginThere('job_2', 'optimize');
  await startHere();
  await passSeconds(300, true);
  expect(ended).toEqual([]);
  expect(await data.find('model-runs/job_2/report.json')).toBeUndefined();
});

test('what a server leaves that ends in good order is taken up, once, by one that runs already', async () => {
  await beginThere('job_1');
  await startHere();
  await startHere();
  await other.release();
  await passUntil(() => ended.length > 0);
  expect(begun).toEqual(['job_1']);
  expect(ended).toEqual(['job_1 completed']);
});

test('what a server leaves that was killed is taken up once it said nothing for a minute and a half', async () => {
  await beginThere('job_1');
  await beginThere('job_2', 'optimize');
  await startHere();
  await passSeconds(60, false);
  expect(ended).toEqual([]);
  await passUntil(() => ended.length > 1);
  expect(begun).toEqual(['job_1']);
  expect(ended.toSorted()).toEqual(['job_1 completed', 'job_2 failed']);
  expect(await data.list('model-servers/')).toHaveLength(1);
});
