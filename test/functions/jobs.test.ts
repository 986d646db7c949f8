import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { trainCommand } from '../../cli/train.ts';
import type { BeginEvent, BeginOutcome } from '../../functions/job-begin.ts';
import type { JobFinishEvent, JobFinishOutcome } from '../../functions/job-finish.ts';
import type { RunOutcome } from '../../functions/job-run.ts';
import type { ReduceEvent } from '../../functions/train-reduce.ts';
import type { WorkerEvent } from '../../functions/train-worker.ts';
import type { StoredEvent } from '../../src/adapters/batch/identify-job.ts';
import { openS3ModelJobs } from '../../src/adapters/model-jobs/open-s3-model-jobs.ts';
import type { ConversionPlan } from '../../src/core/model-jobs/conversion-plan.ts';
import { ModelJobDesk } from '../../src/core/model-jobs/model-job-desk.ts';
import { takesLong } from '../../src/core/model-jobs/takes-long.ts';
import { externalModel } from '../fakes/external-model.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { GraphBuilder } from '../fakes/graph-builder.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { lambdaContext } from './lambda-event.ts';

jest.setTimeout(120_000);

const s3 = new FakeS3(true);
const before = { ...process.env };
let begin: (event: BeginEvent) => Promise<BeginOutcome>;
let run: (event: { job: string }, context: Context) => Promise<RunOutcome>;
let work: (event: WorkerEvent, context: Context) => Promise<void>;
let reduce: (event: ReduceEvent, context: Context) => Promise<RunOutcome>;
let finish: (event: JobFinishEvent) => Promise<JobFinishOutcome>;

beforeAll(async () => {
  Object.assign(process.env, {
    TENSORGATE_MODELS: 's3://models/repository',
    TENSORGATE_DATA: 's3://models',
    TENSORGATE_JOB_BYTES: '4000000',
    TENSORGATE_JOB_CONVERSIONS: 'true',
    TENSORGATE_USAGE_SECONDS: '0',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  begin = (await import('../../functions/job-begin.ts')).handler;
  run = (await import('../../functions/job-run.ts')).handler;
  work = (await import('../../functions/train-worker.ts')).handler;
  reduce = (await import('../../functions/train-reduce.ts')).handler;
  finish = (await import('../../functions/job-finish.ts')).handler;
});
afterAll(() => {
  process.env = before;
});
beforeEach(() => {
  Object.assign(process.env, s3.environment);
});

const graph = new GraphBuilder();
const hidden = graph.node('Relu', [graph.node('MatMul', ['x', graph.weight(512, 600)])]);
graph.node('MatMul', [hidden, graph.weight(600, 3)], {}, 'y');
const tensor = (name: string, size: number) => ({ name, datatype: 'FP32' as const, shape: ['N', size] });
const { nodes, initializers } = graph;
const wide = Buffer.from(buildOnnx({ inputs: [tensor('x', 512)], outputs: [tensor('y', 3)], nodes, initializers }));

/** Stores a file, and tells what S3's event tells of it. */
function stored(key: string, content: object | Buffer, version?: string): StoredEvent {
  const body = content instanceof Buffer ? content : JSON.stringify(content);
  s3.put(key, body, version === undefined ? {} : { headers: { 'x-amz-version-id': version } });
  return { bucket: { name: 'models' }, object: { key, ...(version !== undefined && { 'version-id': version }) } };
}

const read = (key: string) => JSON.parse(String(s3.objects.get(key)?.body));
const execution = 'arn:execution:1';
const options = { unverified: true, only: ['fp16-storage'], latencyRatio: 0 };
const asked = { kind: 'optimize', model: 'made', source: { files: { 'model.onnx': 'wide.onnx' } }, options };

test.each([
  [{ kind: 'train', options: { head: 'linear' } }, 'rows.csv', 300_000, false],
  [{ kind: 'train', options: { new: 'mlp' } }, 'rows.csv', 2_000_001, true],
  [{ kind: 'train', options: { new: 'mlp' } }, 'rows.csv.gz', 200_000, false],
  // Some 15 MB of text.
  [{ kind: 'train', options: { head: 'linear' } }, 'rows.csv.gz', 1_900_000, true],
  [{ kind: 'train', options: { new: 'mlp' } }, 'ROWS.PARQUET', 1_900_000, true],
  [{ kind: 'train', options: {} }, 'rows.csv', 300, true],
  [{ kind: 'distil', options: {} }, 'rows.csv', 300, true],
  [{ kind: 'optimize', options: {} }, 'rows.csv', 2_000_001, false],
] as const)('%j of %s with %i bytes takes long: %j', (job, filename, bytes, expected) => {
  const input = { key: 'k', filename, bytes, version: '"1"' };
  expect(takesLong({ ...job, inputs: { rows: input } })).toBe(expected);
});

describe('a file under incoming/', () => {
  test('begins one job, whose model is a candidate, with a report and an event', async () => {
    stored('incoming/team/wide.onnx', wide, 'a1');
    const detail = stored('incoming/team/wide.job.json', asked, 'v1');
    const outcome = await begin({ detail, execution });
    expect(outcome).toEqual({ state: 'function', job: expect.stringMatching(/^job_[0-9a-f]{24}$/) });
    const { job } = outcome as { job: string };
    // The event may come twice, and a step may be tried again.
    expect(await begin({ detail, execution: 'arn:execution:2' })).toEqual({ state: 'none' });
    expect(await begin({ detail, execution })).toEqual(outcome);

    await run({ job }, lambdaContext(900_000));
    const end = await finish({ detail });
    expect(end).toMatchObject({
      detailType: 'Model Job Completed',
      detail: { job, kind: 'optimize', model: 'made', bucket: 'models', versions: [{ model: 'made', version: '1' }] },
      isDone: true,
    });
    expect(end.detail).not.toHaveProperty('result');
    expect(read(`model-runs/${job}/report.json`)).toMatchObject({ status: 'completed', result: { name: 'made' } });
    const made = [...s3.objects.keys()].filter((key) => key.startsWith('repository/made/'));
    expect(made.sort()).toEqual(['repository/made/1/manifest.json', 'repository/made/1/model.onnx']);
    expect(read('repository/made/1/manifest.json').made.source.name).toBe('source/model.onnx');
    expect([...s3.objects.keys()].some((key) => key.startsWith('repository/.usage/'))).toBe(true);
    expect(await begin({ detail, execution })).toEqual({ state: 'none' });
  });

  test.each([
    ['a kind that there is not', { ...asked, kind: 'melt' }, "field 'kind': expected one of optimize"],
    ['a file that is not there', asked, "there is no file 'incoming/wide.onnx': store what a job names before it"],
    [
      'a file of another folder',
      { ...asked, source: { files: { 'model.onnx': '../wide.onnx' } } },
      "'../wide.onnx' leads out of the job's folder",
    ],
    ['a source that is a model', { kind: 'convert', model: 'made', source: 'fraud' }, 'convert takes files'],
  ])('says what is wrong with %s', async (_what, content, reason) => {
    const detail = stored('incoming/x.job.json', content, 'v1');
    const outcome = await begin({ detail, execution });
    expect(outcome).toMatchObject({ state: 'refused' });
    const { job } = outcome as { job: string };
    expect(read(`model-runs/${job}/report.json`)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(reason),
    });
    expect(await finish({ detail })).toMatchObject({ detailType: 'Model Job Failed', isDone: true });
  });

  test('that is a model, and lies in no folder, is pushed as it was when it came', async () => {
    const detail = stored('incoming/pushed.onnx', wide, 'p1');
    const { state, job } = (await begin({ detail, execution })) as { state: string; job: string };
    expect(state).toBe('function');
    await run({ job }, lambdaContext(900_000));
    const versions = [{ model: 'pushed', version: '1' }];
    expect(await finish({ detail })).toMatchObject({
      detailType: 'Model Job Completed',
      detail: { job, kind: 'push', model: 'pushed', versions },
    });
    expect(s3.objects.get('repository/pushed/1/model.onnx')?.body.equals(wide)).toBe(true);
  });

  test('that would bring files of the function along is refused by name, on record', async () => {
    const detail = stored('incoming/evil.onnx', Buffer.from(externalModel('../../../proc/self/environ')), 'e1');
    const { job } = (await begin({ detail, execution })) as { job: string };
    await run({ job }, lambdaContext(900_000));
    expect(await finish({ detail })).toMatchObject({ detailType: 'Model Job Failed', isDone: true });
    expect(read(`model-runs/${job}/report.json`)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^evil\.onnx .*"\.\.\/\.\.\/\.\.\/proc\/self\/environ"/),
      versions: [],
    });
    expect([...s3.objects.keys()].some((key) => key.startsWith('repository/evil/'))).toBe(false);
  });

  test.each(['incoming/folder/wide.onnx', 'incoming/notes.txt'])('%s is none', async (key) => {
    expect(await begin({ detail: stored(key, wide), execution })).toEqual({ state: 'none' });
  });
});

describe('a job that was asked for', () => {
  const desk = async () => new ModelJobDesk(await openS3ModelJobs('s3://models', 1e9)(), undefined);

  async function create(body: object) {
    const { job } = await (await desk()).create(body, new Date());
    return { job, detail: { bucket: { name: 'models' }, object: { key: `model-starts/${job.id}` } } };
  }

  test('is one where it is asked for again while it is being stored', async () => {
    const body = { kind: 'optimize', model: 'made', source: 'once@1' };
    const ask = async (isRetry: boolean) => (await (await desk()).create(body, new Date(), { isRetry })).job.id;
    const ids = await Promise.all([ask(false), ask(true), ask(true)]);
    expect(new Set(ids).size).toBe(1);
    const started = [...s3.objects.keys()].filter((key) => key.startsWith('model-starts/'));
    expect(started.filter((key) => ids.some((id) => key.endsWith(id)))).toHaveLength(1);
  });

  test('is refused where its source is more than there is room for', async () => {
    s3.put('repository/large/1/model.onnx', Buffer.alloc(1000));
    s3.put('repository/large/2/model.onnx', Buffer.alloc(5_000_000));
    const first = await create({ kind: 'optimize', model: 'large', source: 'large@1' });
    expect(await begin({ detail: first.detail, execution })).toMatchObject({ state: 'function' });
    const other = await create({ kind: 'optimize', model: 'large', source: 'large' });
    expect(await begin({ detail: other.detail, execution })).toMatchObject({ state: 'refused' });
    const { state } = await (await desk()).find(other.job.id);
    expect(state.report?.reason).toContain('5000000 bytes, more than the 4000000 that its function has room for');
  });

  test('has failed where what did it was killed, which somebody has to look into', async () => {
    const { job, detail } = await create({ kind: 'optimize', model: 'made', source: 'large@1' });
    await begin({ detail, execution });
    expect((await (await desk()).find(job.id)).state.status).toBe('running');
    expect(await finish({ detail })).toMatchObject({ detailType: 'Model Job Failed', isDone: false });
    expect((await (await desk()).find(job.id)).state.report?.reason).toContain('it may need more memory, or more time');
  });

  test('is not done where it was cancelled before, and ends in time where it takes too long', async () => {
    s3.put('repository/large/1/model.onnx', wide);
    const first = await create({ kind: 'optimize', model: 'made', source: 'large@1' });
    await (await desk()).cancel(first.job.id, new Date());
    expect(await begin({ detail: first.detail, execution })).toEqual({ state: 'none' });
    const { job, detail } = await create({ kind: 'optimize', model: 'made', source: 'large@1' });
    await begin({ detail, execution });
    await run({ job: job.id }, lambdaContext(20_000));
    expect(read(`model-runs/${job.id}/report.json`)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('the job takes longer than the'),
    });
  });
});

describe('a conversion', () => {
  const asked = { kind: 'convert', model: 'twice', source: { files: { 'model.ubj': 'model.ubj' } } };
  const source = Buffer.from('{L\x00\x00\x00\x00\x00\x00\x00\x07learner{', 'latin1');
  const put = (url: string | undefined, body: string | Buffer) => fetch(String(url), { method: 'PUT', body });
  const ending = (status: number, said: string) => JSON.stringify({ status, said });

  async function planned(model: string) {
    stored('incoming/m/model.ubj', source, 'm1');
    const detail = stored('incoming/m/convert.job.json', { ...asked, model }, model);
    const outcome = await begin({ detail, execution });
    expect(outcome).toMatchObject({ state: 'convert-tabular' });
    const { job, plan: url } = outcome as { job: string; plan: string };
    return { detail, job, plan: (await (await fetch(url)).json()) as ConversionPlan };
  }

  test('is of what was stored, in a container that knows URLs alone, and is judged here', async () => {
    const { detail, job, plan } = await planned('twice');
    expect(plan).toMatchObject({ source: 'source/model.ubj', seed: 0 });
    // What replaces it meanwhile is another source.
    stored('incoming/m/model.ubj', Buffer.from('another'), 'm2');
    const read = await fetch(plan.inputs['source/model.ubj'] as string);
    expect(Buffer.from(await read.arrayBuffer())).toEqual(source);
    const value = { datatype: 'FP32' as const, shape: ['N', 1] };
    const model = buildOnnx({
      inputs: [{ name: 'X', ...value }],
      outputs: [{ name: 'y', ...value }],
      nodes: [{ op: 'Add', inputs: ['X', 'X'], outputs: ['y'] }],
    });
    const samples = [1, 2].map((x) => JSON.stringify({ inputs: { X: [[x]] }, outputs: { y: [[2 * x]] } }));
    const versions = { python: '3.12.12', xgboost: '3.2.0' };
    const told = { reportVersion: 1, framework: 'xgboost', kind: 'Booster', madeWith: {}, versions };
    await put(plan.outputs['model.onnx'], Buffer.from(model));
    await put(plan.outputs['samples.jsonl'], samples.join('\n'));
    await put(plan.outputs['report.json'], JSON.stringify({ ...told, inputs: { X: [-1, 1] }, drawn: true, seed: 0 }));
    await put(plan.ended, ending(0, ''));
    await run({ job }, lambdaContext(900_000));
    expect(await finish({ detail })).toMatchObject({
      detailType: 'Model Job Completed',
      detail: { kind: 'convert', versions: [{ model: 'twice', version: '1' }] },
    });
  });

  test('that the container refuses has failed with its reason, and one that it did not end is looked into', async () => {
    const refused = await planned('refused');
    await put(refused.plan.ended, ending(3, 'a warning\nrefused: expected trees, got a line\n'));
    await run({ job: refused.job }, lambdaContext(900_000));
    const { detail } = await finish({ detail: refused.detail });
    expect(detail).toMatchObject({ status: 'failed', reason: 'expected trees, got a line' });
    for (const [model, said] of [
      ['killed', undefined],
      ['talkative', 'x'.repeat(300_000)],
    ] as const) {
      const { job, detail: asking, plan } = await planned(model);
      if (said !== undefined) await put(plan.ended, ending(3, said));
      await run({ job }, lambdaContext(900_000));
      expect(await finish({ detail: asking })).toMatchObject({ detailType: 'Model Job Failed', isDone: false });
    }
  });

  test('of what is nothing that can be converted is refused before', async () => {
    stored('incoming/m/model.ubj', Buffer.from('GGUF'), 'm1');
    const outcome = await begin({ detail: stored('incoming/m/convert.job.json', asked, 'v1'), execution });
    const { job } = outcome as { job: string };
    expect(outcome).toEqual({ state: 'refused', job });
    expect(read(`model-runs/${job}/report.json`).reason).toContain('got GGUF, the form of llama.cpp');
  });
});

describe('a training by several workers', () => {
  const rows = Array.from({ length: 60 }, (_row, at) => `${(at % 3) + (at % 7) / 10},${at % 5},${'abc'[at % 3]}`);
  const csv = Buffer.from(['x,y,kind', ...rows].join('\n'));
  const files = { data: 'rows.csv', recipe: 'recipe.json' };
  const training = { kind: 'train', model: 'kinds', options: { ...files, target: 'kind', new: 'mlp', workers: 2 } };
  const recipe = { epochs: 3, batchRows: 8, localSteps: 2, hidden: [4], learningRate: 0.05 };
  const context = () => lambdaContext(900_000);

  async function begun(version: string, more: object = {}) {
    stored('incoming/rows.csv', csv);
    stored('incoming/recipe.json', { ...recipe, ...more });
    const detail = stored('incoming/kinds.job.json', training, version);
    const { job } = (await begin({ detail, execution })) as { job: string };
    return { job, detail };
  }

  async function doRounds(job: string, first: RunOutcome): Promise<RunOutcome> {
    let next = first;
    while (next.state === 'round') {
      const { round, shards } = next;
      for (const shard of shards) await work({ job, round, shard }, context());
      next = await reduce({ job, round }, context());
    }
    return next;
  }

  test('is done in rounds, and comes to the model that processes side by side come to', async () => {
    const { job, detail } = await begun('v1');
    const first = await run({ job }, context());
    expect(first).toEqual({ state: 'round', round: 0, shards: [0, 1] });
    expect(await doRounds(job, first)).toEqual({ state: 'fitted' });
    expect(s3.objects.has(`model-runs/${job}/report.json`)).toBe(false);
    expect(await run({ job }, context())).toEqual({ state: 'ended' });
    expect(await finish({ detail })).toMatchObject({ detailType: 'Model Job Completed', isDone: true });
    const said = read(`model-runs/${job}/events.json`).events.map(({ message }: { message: string }) => message);
    expect(said.slice(0, 5)).toEqual([
      'its rounds are for 2 workers to do',
      ...[1, 2, 3].map((pass) => expect.stringMatching(`^pass ${pass} of 3 at most: loss .*, of rows to stop by`)),
      'it goes on after pass 3',
    ]);

    const folder = await mkdtemp(join(tmpdir(), 'tensorgate-rounds-'));
    const [log, error] = [jest.spyOn(console, 'log'), jest.spyOn(console, 'error')];
    for (const each of [log, error]) each.mockImplementation(() => undefined);
    await writeFile(join(folder, 'rows.csv'), csv);
    await writeFile(join(folder, 'recipe.json'), JSON.stringify(recipe));
    const places = ['--data', 'rows.csv', '--recipe', 'recipe.json', '--svg', 'curve.svg', '--models', '.'];
    const words = places.map((word, at) => (at % 2 === 0 ? word : join(folder, word)));
    await trainCommand().parseAsync(['kinds', '--new', 'mlp', '--target', 'kind', '--workers', '2', ...words], {
      from: 'user',
    });
    for (const each of [log, error]) each.mockRestore();
    const here = await readFile(join(folder, 'kinds/1/model.onnx'));
    await rm(folder, { recursive: true });
    expect(Buffer.compare(s3.objects.get('repository/kinds/1/model.onnx')?.body ?? Buffer.alloc(0), here)).toBe(0);
  });

  test('that cannot go on has failed by itself, with the reason', async () => {
    const { job, detail } = await begun('v2', { learningRate: 1e39 });
    expect(await doRounds(job, await run({ job }, context()))).toEqual({ state: 'ended' });
    expect(await finish({ detail })).toMatchObject({
      detailType: 'Model Job Failed',
      detail: { reason: expect.stringContaining('a lower learning rate may help') },
      isDone: true,
    });
  });

  test('that was cancelled meanwhile takes no more steps', async () => {
    const { job, detail } = await begun('v3');
    await new ModelJobDesk(await openS3ModelJobs('s3://models', 1e9)(), undefined).cancel(job, new Date());
    await work({ job, round: 0, shard: 0 }, context());
    expect(await reduce({ job, round: 0 }, context())).toEqual({ state: 'ended' });
    expect(await finish({ detail })).toMatchObject({ detailType: 'Model Job Cancelled' });
  });
});
