import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { LocalModelJobs, type RunJob } from '../../src/adapters/model-jobs/local-model-jobs.ts';
import { ServerLease } from '../../src/adapters/model-jobs/server-lease.ts';
import { readJson } from '../../src/core/batch/read-json.ts';
import { endModelJob } from '../../src/core/model-jobs/end-model-job.ts';
import { JobTaken } from '../../src/core/model-jobs/job-taken.ts';
import { type JobStart, runFiles } from '../../src/core/model-jobs/run-files.ts';

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

const complete: RunJob = (job) => {
  begun.push(job.id);
  return endModelJob(runFiles(data, job.id), job, { status: 'completed', versions: [] }, new Date());
};

async function startHere(run = complete): Promise<void> {
  const server = new LocalModelJobs({
    data,
    most: 1,
    run,
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
    await pause(100);
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

test('what another took up while this server stalled is ended here, and that one tells how it ends', async () => {
  await write('model-jobs/job_1.json', {
    id: 'job_1',
    kind: 'train',
    model: 'm',
    options: {},
    inputs: {},
    createdAt: 0,
  });
  const reasons: unknown[] = [];
  let isTaken: (() => Promise<boolean>) | undefined;
  await startHere(async (_job, _data, signal, holder) => {
    isTaken = holder?.isTaken;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    reasons.push(signal.reason);
    return undefined;
  });
  const started = () => readJson<JobStart>(data, 'model-runs/job_1/started.json');
  while (!isTaken) await pause(5);
  await passSeconds(60, true);
  expect([reasons, await isTaken()]).toEqual([[], false]);
  await write(`model-runs/job_1/after-${(await started())?.by}.json`, { at: '', by: other.by });
  await write('model-runs/job_1/resumed.json', { from: '1', times: 1 });
  expect(await isTaken()).toBe(true);
  await passSeconds(30, true);
  expect(reasons).toEqual([expect.any(JobTaken)]);
  expect(ended).toEqual([]);
  expect(await data.find('model-runs/job_1/resumed.json')).toBeDefined();
  expect(await data.find('model-runs/job_1/report.json')).toBeUndefined();
});

test('a server that had but stalled keeps what has not been begun in its place', async () => {
  await write('model-jobs/job_2.json', {
    id: 'job_2',
    kind: 'train',
    model: 'm',
    options: {},
    inputs: {},
    createdAt: 0,
  });
  await beginThere('job_1');
  await other.release();
  let end = () => {};
  const first = new Promise<void>((resolve) => {
    end = resolve;
  });
  await startHere(async ({ id }) => {
    begun.push(id);
    await first;
    return undefined;
  });
  await other.renew();
  end();
  await passSeconds(300, true);
  expect(begun).toEqual(['job_2']);
});

test('while a server stalls, it takes no other for killed', async () => {
  const here = new ServerLease(data);
  for (let times = 0; times < 4; times += 1) await here.renew();
  // Both stop for long, and this one is the first to go on.
  jest.advanceTimersByTime(600_000);
  await here.renew();
  expect(await here.isHeld(other.by)).toBe(true);
});
