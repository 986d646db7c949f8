import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { jobRunner } from '../../cli/job-runner.ts';
import { jobsRunCommand } from '../../cli/jobs-run.ts';
import { leftStatus } from '../../cli/left-status.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { LocalModelJobs, type RunJob } from '../../src/adapters/model-jobs/local-model-jobs.ts';
import { openS3ObjectStore } from '../../src/adapters/s3-object-store/open-s3-object-store.ts';
import { BatchFiles } from '../../src/core/batch-jobs/batch-files.ts';
import type { JobReport } from '../../src/core/model-jobs/job-report.ts';
import { ModelJobDesk } from '../../src/core/model-jobs/model-job-desk.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';

jest.setTimeout(120_000);

const rows = Array.from({ length: 200 }, (_row, at) => `${(at % 3) + (at % 7) / 10},${at % 5},${'abc'[at % 3]}`);
const csv = Buffer.from(['x,y,kind', ...rows].join('\n'));
// Some seconds of passes, whatever comes of them.
const recipeOf = (epochs: number) =>
  Buffer.from(JSON.stringify({ epochs, patience: epochs, hidden: [8], learningRate: 0.001 }));
const recipe = recipeOf(150);
const choice = { executionProviders: ['cpu'] as const, gpuDevice: 0 };

let folder: string;
const file = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-going-on-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function until<T>(what: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const value = await what();
    if (value !== undefined) return value;
    await pause(20);
  }
}

describe('a training of a server', () => {
  let data: DirectoryObjectStore;
  let jobs: LocalModelJobs;
  let desk: ModelJobDesk;
  const failures: unknown[] = [];
  beforeEach(() => {
    data = new DirectoryObjectStore(file('data'));
  });
  afterEach(async () => {
    await jobs.stop();
    expect(failures).toEqual([]);
  });

  async function start(run: RunJob): Promise<void> {
    const onFailure = (_job: string, error: unknown) => failures.push(error);
    jobs = new LocalModelJobs({ data, most: 1, run, onEnd: () => undefined, onFailure });
    desk = new ModelJobDesk(jobs, undefined);
    await jobs.start();
  }

  async function ask(model: string, how = recipe): Promise<string> {
    const files = new BatchFiles({ data, needs: () => false }, undefined);
    const at = new Date();
    const upload = async (filename: string, content: Buffer) =>
      (await files.create({ filename, purpose: 'fine-tune', content }, at)).id;
    const options = {
      data: await upload('rows.csv', csv),
      recipe: await upload('recipe.json', how),
      target: 'kind',
      new: 'mlp',
    };
    return (await desk.create({ kind: 'train', model, options }, at)).job.id;
  }

  const report = (id: string): Promise<JobReport> => until(async () => (await desk.find(id)).state.report);
  const said = async (id: string) => (await desk.events(id)).events.map(({ message }) => message);
  const kept = (id: string) => data.list(`model-checkpoints/${id}/`);
  const checkpoint = (id: string, model: string) =>
    until(() => data.find(`model-checkpoints/${id}/${model}.checkpoint`));
  const run = () => jobRunner(file('models'), file('data'), choice);

  test('that is stopped in the midst goes on when it starts again, and comes to the same bytes', async () => {
    await start(run());
    const id = await ask('stopped');
    await checkpoint(id, 'stopped');
    await jobs.stop();
    expect((await desk.find(id)).state.status).toBe('running');
    await start(run());
    expect(await report(id)).toMatchObject({ status: 'completed', versions: [{ model: 'stopped', version: '1' }] });
    const lines = await said(id);
    expect(lines).toContainEqual(expect.stringMatching(/^it goes on after pass \d+$/));
    // What was said before it was stopped is there, too.
    expect(lines.findIndex((line) => line.startsWith('pass 1 of 150'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('it goes on')),
    );
    expect(await kept(id)).toEqual([]);
    await report(await ask('whole'));
    const digest = async (model: string) =>
      JSON.parse(await readFile(file(`models/${model}/1/manifest.json`), 'utf8')).files['model.onnx'].sha256;
    expect(await digest('stopped')).toBe(await digest('whole'));
    expect((await readdir(file('models'))).filter((name) => !name.startsWith('.'))).toEqual(['stopped', 'whole']);
  });

  test('that is cancelled in the midst keeps nothing', async () => {
    await start(run());
    const id = await ask('cancelled', recipeOf(1_000_000));
    await checkpoint(id, 'cancelled');
    await desk.cancel(id, new Date());
    expect(await report(id)).toMatchObject({ status: 'cancelled' });
    await until(async () => ((await kept(id)).length === 0 ? true : undefined));
  });

  test('that is lost again and again without getting any further has failed', async () => {
    let begun = 0;
    // As a server leaves it that is killed: it says nothing of it.
    const lost: RunJob = async (job, store, signal) => {
      begun += 1;
      if (begun === 1) await store.replace(`model-checkpoints/${job.id}/lost.checkpoint`, Buffer.from('1'));
      // The checkpoint is seen before whoever stored it hears of that: it may be stopped by then.
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new Error('its server was killed');
    };
    await start(lost);
    const id = await ask('lost');
    for (let times = 1; times <= 4; times += 1) {
      await until(() => (begun === times ? true : undefined));
      await checkpoint(id, 'lost');
      await jobs.stop();
      expect(failures.splice(0)).toHaveLength(1);
      await start(lost);
    }
    expect(await report(id)).toMatchObject({
      status: 'failed',
      isFault: true,
      reason: expect.stringContaining('the server ended meanwhile'),
    });
    await until(async () => ((await kept(id)).length === 0 ? true : undefined));
  });
});

describe('a training in a container', () => {
  const s3 = new FakeS3(true);
  const before = { ...process.env };
  const log = jest.spyOn(console, 'error');
  beforeEach(async () => {
    Object.assign(process.env, s3.environment);
    log.mockImplementation(() => undefined);
    s3.put('incoming/rows.csv', csv);
    s3.put('incoming/recipe.json', recipe);
  });
  afterEach(() => {
    process.env = { ...before };
    process.exitCode = undefined;
    log.mockReset();
  });

  async function begin(id: string): Promise<void> {
    const input = async (filename: string) => ({
      ...(await openS3ObjectStore('s3://models').find(`incoming/${filename}`)),
      filename,
    });
    const options = { data: 'rows.csv', recipe: 'recipe.json', target: 'kind', new: 'mlp' };
    const inputs = { 'rows.csv': await input('rows.csv'), 'recipe.json': await input('recipe.json') };
    const job = { id, kind: 'train', model: 'kinds', options, createdAt: 0, inputs };
    s3.put(`model-jobs/${id}.json`, JSON.stringify(job));
    s3.put(`model-runs/${id}/started.json`, JSON.stringify({ at: '2026-12-01T00:00:00.000Z', by: 'arn:execution:1' }));
  }

  const contain = (id: string) =>
    jobsRunCommand().parseAsync([id, '--data', 's3://models', '--models', 's3://models/repository'], { from: 'user' });
  const read = (key: string) => JSON.parse(String(s3.objects.get(key)?.body));
  const keys = (prefix: string) => [...s3.objects.keys()].filter((key) => key.startsWith(prefix));

  test('that is stopped in the midst goes on in another', async () => {
    const id = `job_${'a'.repeat(24)}`;
    await begin(id);
    const stopped = contain(id);
    await until(() => keys(`model-checkpoints/${id}/`)[0]);
    process.emit('SIGTERM', 'SIGTERM');
    await stopped;
    expect(process.exitCode).toBe(leftStatus);
    expect(keys(`model-runs/${id}/report`)).toEqual([]);
    process.exitCode = undefined;
    await contain(id);
    expect(process.exitCode).toBeUndefined();
    expect(read(`model-runs/${id}/report.json`)).toMatchObject({
      status: 'completed',
      versions: [{ model: 'kinds', version: '1' }],
    });
    expect(JSON.stringify(read(`model-runs/${id}/events.json`))).toMatch(/it goes on after pass \d+/);
    expect(keys('model-checkpoints/')).toEqual([]);
  });

  test('that was lost before it kept anything has failed, as nobody knows what it stored', async () => {
    const id = `job_${'b'.repeat(24)}`;
    await begin(id);
    s3.put(`model-runs/${id}/container.json`, '{}');
    await contain(id);
    expect(read(`model-runs/${id}/report.json`)).toMatchObject({
      status: 'failed',
      isFault: true,
      reason: expect.stringMatching(
        /^its container was lost, or could not store how it ended, and nothing was kept from which it could go on/,
      ),
    });
  });
});
