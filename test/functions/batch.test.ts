import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import type { FinishEvent, FinishOutcome } from '../../functions/batch-finish.ts';
import type { InferEvent } from '../../functions/batch-infer.ts';
import type { PlanOutcome } from '../../functions/batch-plan.ts';
import type { StoredEvent } from '../../src/adapters/batch/identify-job.ts';
import { DirectoryModelStore } from '../../src/adapters/directory-model-store/directory-model-store.ts';
import type { BatchReport } from '../../src/core/batch/batch-report.ts';
import type { BatchJob } from '../../src/core/batch-jobs/batch-job.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { lambdaContext } from './lambda-event.ts';

const s3 = new FakeS3(true);
const before = { ...process.env };
let models = '';
let plan: (event: { detail: StoredEvent }, context: Context) => Promise<PlanOutcome>;
let infer: (event: InferEvent, context: Context) => Promise<void>;
let finish: (event: FinishEvent) => Promise<FinishOutcome>;

const rows = [
  { id: 'a', X: [5.1, 3.5, 1.4, 0.2] },
  { id: 'b', X: [6.2, 3.4, 5.4, 2.3] },
];
const content = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const context = (leftMs = 900_000) => lambdaContext(leftMs);

beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'tensorgate-batch-'));
  // Without its task: records are tensors.
  await cp('models/iris/1/model.onnx', join(models, 'iris/1/model.onnx'));
  Object.assign(process.env, {
    TENSORGATE_MODELS: models,
    TENSORGATE_DATA: 's3://models',
    TENSORGATE_BATCH_INPUT: 'in/',
    TENSORGATE_BATCH_RESULTS: 'out/',
    TENSORGATE_BATCH_KEEP: 'id,lot',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  plan = (await import('../../functions/batch-plan.ts')).handler;
  infer = (await import('../../functions/batch-infer.ts')).handler;
  finish = (await import('../../functions/batch-finish.ts')).handler;
});

afterAll(async () => {
  process.env = before;
  await rm(models, { recursive: true });
});

beforeEach(() => {
  Object.assign(process.env, s3.environment);
});

/** Stores an input, and tells what S3's event tells of it. */
function upload(key: string, text: string, version?: string): StoredEvent {
  s3.put(key, text, version === undefined ? {} : { headers: { 'x-amz-version-id': version } });
  return { bucket: { name: 'models' }, object: { key, ...(version !== undefined && { 'version-id': version }) } };
}

async function planned(detail: StoredEvent): Promise<BatchJob> {
  const outcome = await plan({ detail }, context());
  if (outcome.state !== 'planned') throw new Error(`it was ${JSON.stringify(outcome)}`);
  return outcome.job;
}

function read(key: string): BatchReport & { readonly reason: string } {
  return JSON.parse(String(s3.objects.get(key)?.body));
}

function text(key: string): string {
  return String(s3.objects.get(key)?.body);
}

const resultsOf = (job: BatchJob) =>
  Object.fromEntries(
    [...s3.objects].filter(([key]) => key.startsWith(job.folder)).map(([key, { etag }]) => [key, etag]),
  );

describe('an upload', () => {
  test('becomes a job of its own: planned, done in shards, and finished with a report', async () => {
    const detail = upload('in/iris/a folder/x +ü.jsonl', content, 'v1');
    const outcome = await plan({ detail }, context());
    expect(outcome).toMatchObject({
      state: 'planned',
      shards: { bucket: 'models', key: expect.stringMatching(/^work\/batch_/) },
    });
    const job = await planned(detail);
    expect(job.folder).toBe(`out/iris/a folder/x +ü.jsonl/${job.id}/`);
    expect(read(`work/${job.id}/shards.json`)).toEqual([{ index: 0 }]);
    await infer({ job, shard: { index: 0 } }, context());
    const end = await finish({ detail, plan: { job } });
    expect(end).toMatchObject({
      detailType: 'Batch Job Completed',
      isDone: true,
      detail: { job: job.id, answered: 2, failed: 0, bucket: 'models', report: `${job.folder}report.json` },
    });
    const { digest, startedAt, finishedAt, seconds, cost } = read(`${job.folder}report.json`);
    expect(digest).toBe(await new DirectoryModelStore(models).digest('iris', 1));
    expect(seconds).toBeCloseTo((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000, 5);
    // The plan, a shard and the end of it, each at 1,769 MB for a moment.
    expect(cost).toMatchObject({ requests: 3, basis: expect.stringContaining('AWS Lambda on demand') });
    expect(cost?.gbSeconds).toBeGreaterThan(0);
    expect(cost?.gbSeconds).toBeLessThan((1769 / 1024) * 30);
    expect(cost?.usd).toBeGreaterThan(3 * 2e-7);
    expect(text(`${job.folder}part-00000.jsonl`)).toMatch(/^\{"id":"a","label":.*\n\{"id":"b","label":.*\n$/);
    expect([...s3.objects.keys()].filter((key) => key.startsWith('work/'))).toEqual([]);
  });

  test('that comes twice is done once, whenever the second comes', async () => {
    const detail = upload('in/iris/x.jsonl', content, 'v1');
    const job = await planned(detail);
    expect(await planned(detail)).toEqual(job);
    await infer({ job, shard: { index: 0 } }, context());
    await infer({ job, shard: { index: 0 } }, context());
    await finish({ detail, plan: { job } });
    const results = resultsOf(job);
    expect(await plan({ detail }, context())).toEqual({ state: 'none' });
    await infer({ job, shard: { index: 0 } }, context());
    expect(await finish({ detail, plan: { job } })).toMatchObject({ isDone: true });
    expect(resultsOf(job)).toEqual(results);
  });

  test('that replaces another is another job, and each takes its own version', async () => {
    const first = upload('in/iris/x.jsonl', content, 'v1');
    const firstJob = await planned(first);
    const second = upload('in/iris/x.jsonl', content.replace('"a"', '"z"'), 'v2');
    const secondJob = await planned(second);
    expect(firstJob.id).not.toBe(secondJob.id);
    for (const job of [firstJob, secondJob]) await infer({ job, shard: { index: 0 } }, context());
    expect(text(`${firstJob.folder}part-00000.jsonl`)).toContain('{"id":"a"');
    expect(text(`${secondJob.folder}part-00000.jsonl`)).toContain('{"id":"z"');
  });

  test.each(['in/iris/', 'in/iris/folder/'])('that stands for a folder, %s, is none', async (key) => {
    expect(await plan({ detail: upload(key, '') }, context())).toEqual({ state: 'none' });
  });

  test('in a folder that begins with _ is what a manifest names, and no job', async () => {
    expect(await plan({ detail: upload('in/iris/_parts/x.jsonl', content) }, context())).toEqual({ state: 'none' });
    const manifest = upload('in/iris/x.manifest.json', '{"file":"_parts/x.jsonl","kept":["X"]}');
    const job = await planned(manifest);
    await infer({ job, shard: { index: 0 } }, context());
    expect(text(`${job.folder}part-00000.jsonl`)).toMatch(/^\{"X":\[5.1,3.5,1.4,0.2\],"label":/);
  });

  test('of columns need not have those that the stage keeps, but those that its manifest does', async () => {
    s3.put('in/iris/_x.csv', 'lot,a,b,c,d\n7,5.1,3.5,1.4,0.2\n');
    const about = { file: '_x.csv', mapping: { X: ['a', 'b', 'c', 'd'] } };
    const job = await planned(upload('in/iris/x.manifest.json', JSON.stringify(about)));
    await infer({ job, shard: { index: 0 } }, context());
    expect(text(`${job.folder}part-00000.jsonl`)).toMatch(/^\{"lot":"7","label":/);
    const detail = upload('in/iris/y.manifest.json', JSON.stringify({ ...about, kept: ['id'] }));
    const refused = await plan({ detail }, context());
    if (refused.state !== 'refused') throw new Error(`it was ${JSON.stringify(refused)}`);
    expect(read(`${refused.job.folder}report.json`).reason).toBe(
      "there is no column 'id' to keep; the columns are 'lot', 'a', 'b', 'c', 'd'",
    );
  });

  test('that was deleted meanwhile is none', async () => {
    const detail = upload('in/iris/x.jsonl', content);
    s3.objects.clear();
    expect(await plan({ detail }, context())).toEqual({ state: 'none' });
  });
});

describe('what cannot work is refused at once, in the report', () => {
  test.each([
    ['in/nope/x.jsonl', content, "there is no model 'nope'"],
    ['in/iris@7/x.jsonl', content, "model 'iris' has no version or alias '7'; it has 1"],
    [
      'in/iris@/x.jsonl',
      content,
      "'in/iris@/x.jsonl': expected in/<model>/<file>, or in/<model>@<version or alias>/<file>",
    ],
    ['in/x.jsonl', content, 'expected in/<model>/<file>'],
    ['in/iris/x.pdf', content, 'expected a name that ends in .jsonl'],
    ['in/iris/x.jsonl', '', "'in/iris/x.jsonl' has no records"],
    ['in/iris/x.jsonl', '{"Y":1}\n', 'the model takes none of the first 1 records'],
  ])('%s of %j', async (key, body, reason) => {
    const detail = upload(key, body);
    const outcome = await plan({ detail }, context());
    if (outcome.state !== 'refused') throw new Error(`it was ${JSON.stringify(outcome)}`);
    const report = read(`${outcome.job.folder}report.json`);
    expect(report).toMatchObject({ status: 'failed', records: 0, input: { key } });
    expect(report.reason).toContain(reason);
    const end = await finish({ detail, plan: outcome });
    expect(end).toMatchObject({ detailType: 'Batch Job Failed', isDone: true, detail: { reason: report.reason } });
  });
});

describe('a job', () => {
  test('that is finished again, as the first try was cut off after the report, leaves no work files', async () => {
    const detail = upload('in/iris/x.jsonl', content);
    const job = await planned(detail);
    await infer({ job, shard: { index: 0 } }, context());
    s3.fault = ({ method }) => (method === 'DELETE' ? { status: 403 } : undefined);
    await expect(finish({ detail, plan: { job } })).rejects.toThrow('access is denied');
    s3.fault = () => undefined;
    expect(await finish({ detail, plan: { job } })).toMatchObject({ isDone: true, detail: { answered: 2 } });
    expect([...s3.objects.keys()].filter((key) => key.startsWith('work/'))).toEqual([]);
  });

  test('that was cancelled does no shard, and says so', async () => {
    const detail = upload('in/iris/x.jsonl', content);
    const job = await planned(detail);
    s3.put(`work/${job.id}/cancel.json`, '{}');
    await infer({ job, shard: { index: 0 } }, context());
    expect(await finish({ detail, plan: { job } })).toMatchObject({
      detailType: 'Batch Job Cancelled',
      isDone: true,
      detail: { status: 'cancelled', answered: 0, records: 2 },
    });
  });

  test('with more failures than it tolerates begins no more shards, and is nobody’s fault', async () => {
    const bad = '{"id":"bad"}\n';
    s3.put('in/iris/_x.jsonl', bad + content);
    const detail = upload('in/iris/x.manifest.json', '{"file":"_x.jsonl","maxFailedRecords":0}');
    const job = await planned(detail);
    const planFile = `work/${job.id}/plan.json`;
    const whole = JSON.parse(text(planFile));
    const cut = [
      { ...whole.shards[0], end: bad.length, records: 1 },
      { ...whole.shards[0], index: 1, start: bad.length, firstRecord: 1, records: 2 },
    ];
    s3.put(planFile, JSON.stringify({ ...whole, shards: cut }));
    await infer({ job, shard: { index: 0 } }, context());
    await infer({ job, shard: { index: 1 } }, context());
    expect(await finish({ detail, plan: { job } })).toMatchObject({
      isDone: true,
      detail: {
        ...{ status: 'failed', records: 3, answered: 0, failed: 1 },
        reason: '1 records have no answer, more than the 0 that are tolerated; 2 of 3 were not done',
      },
    });
  });

  test('of which a shard was not done is told of as such, with the reason', async () => {
    const detail = upload('in/iris/x.jsonl', content);
    const job = await planned(detail);
    await expect(infer({ job, shard: { index: 0 } }, context(0))).rejects.toThrow('a shard takes longer than');
    const end = await finish({ detail, plan: { job } });
    expect(end).toMatchObject({
      detailType: 'Batch Job Failed',
      isDone: false,
      detail: {
        status: 'failed',
        reason: expect.stringMatching(/^1 of 1 shards were not done; shard 0: a shard takes longer than the 0 s/),
      },
    });
    // Also where its answer was lost, and it is asked again.
    expect(await finish({ detail, plan: { job } })).toEqual(end);
  });

  test('of which a shard ended without a word, too', async () => {
    const detail = upload('in/iris/x.jsonl', content);
    const job = await planned(detail);
    const { detail: told } = await finish({ detail, plan: { job } });
    expect(told.reason).toContain('its function ended without a word: it may need more memory');
  });

  test('that could not be planned has a report all the same', async () => {
    const detail = upload('in/iris/x.jsonl', content);
    s3.fault = ({ method, key }) => (method === 'PUT' && key.endsWith('/plan.json') ? { status: 403 } : undefined);
    await expect(plan({ detail }, context())).rejects.toThrow('access is denied');
    s3.fault = () => undefined;
    expect(await finish({ detail })).toMatchObject({
      isDone: false,
      detail: { status: 'failed', reason: expect.stringContaining('access is denied') },
    });
  });

  test.each([
    ['its report', /shard-00000-\w+-0\.json$/],
    ['its part', /part-00000\.jsonl$/],
  ])('of a shard that was cut off before %s is taken up', async (_what, key) => {
    const detail = upload('in/iris/x.jsonl', content);
    const job = await planned(detail);
    s3.fault = (asked) => (asked.method === 'PUT' && key.test(asked.key) ? { status: 403 } : undefined);
    await expect(infer({ job, shard: { index: 0 } }, context())).rejects.toThrow('access is denied');
    expect(s3.objects.has(`${job.folder}part-00000.jsonl`)).toBe(false);
    s3.fault = () => undefined;
    await infer({ job, shard: { index: 0 } }, context());
    expect(await finish({ detail, plan: { job } })).toMatchObject({ isDone: true, detail: { answered: 2 } });
  });
});
