import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import type { InferEvent } from '../../functions/batch-infer.ts';
import type { PlanOutcome } from '../../functions/batch-plan.ts';
import type { StoredEvent } from '../../src/adapters/batch/identify-job.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { openS3ObjectStore } from '../../src/adapters/s3-object-store/open-s3-object-store.ts';
import { UsageReader } from '../../src/adapters/usage/usage-reader.ts';
import type { BatchJob } from '../../src/core/batch-jobs/batch-job.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { lambdaContext } from './lambda-event.ts';

const s3 = new FakeS3(true);
const before = { ...process.env };
let root = '';
let plan: (event: { detail: StoredEvent }, context: Context) => Promise<PlanOutcome>;
let infer: (event: InferEvent, context: Context) => Promise<void>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tensorgate-batch-usage-'));
  // Without its task: records are tensors.
  await cp('models/iris/1/model.onnx', join(root, 'iris/1/model.onnx'));
  Object.assign(process.env, {
    TENSORGATE_MODELS: root,
    TENSORGATE_DATA: 's3://models',
    TENSORGATE_BATCH_INPUT: 'in/',
    TENSORGATE_BATCH_RESULTS: 'out/',
    TENSORGATE_BATCH_KEEP: 'id',
    TENSORGATE_USAGE_SECONDS: '10',
    // Two runs at once.
    TENSORGATE_INTRA_OP_THREADS: '2',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '3538',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  plan = (await import('../../functions/batch-plan.ts')).handler;
  infer = (await import('../../functions/batch-infer.ts')).handler;
});
beforeEach(() => {
  Object.assign(process.env, s3.environment);
});
afterAll(async () => {
  process.env = before;
  await rm(root, { recursive: true });
});

const X = [5.1, 3.5, 1.4, 0.2];

async function usage() {
  const days = await new UsageReader(new DirectoryObjectStore(join(root, '.usage'))).read('2000-01-01', '2999-12-31');
  return days.flatMap(({ rows }) => rows);
}

/** Does all of a job, each shard twice, as Step Functions may. */
async function doJob(key: string): Promise<BatchJob> {
  const outcome = await plan({ detail: { bucket: { name: 'models' }, object: { key } } }, lambdaContext(900_000));
  if (outcome.state !== 'planned') throw new Error(`it was ${JSON.stringify(outcome)}`);
  for (let i = 0; i < 2; i += 1) await infer({ job: outcome.job, shard: { index: 0 } }, lambdaContext(900_000));
  return outcome.job;
}

test('a shard of a file counts once, with the records that it has answered and what its invocation took', async () => {
  const rows = [{ id: 'a', X }, { id: 'b', X }, { id: 'c' }];
  s3.put('in/iris/x.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const started = performance.now();
  await doJob('in/iris/x.jsonl');
  const tookMs = performance.now() - started;
  const [row, ...others] = await usage();
  expect(others).toEqual([]);
  expect(row).toMatchObject({ caller: '', model: 'iris', version: '1', requests: 1, failed: 0, items: 2 });
  // Two runs at once, each with half of 3,538 MB.
  expect(row?.ms).toBeLessThan(2 * tookMs);
  expect((row?.gbSeconds ?? 0) / (row?.ms ?? 1)).toBeCloseTo(1769 / 1024 / 1000, 6);
});

test('requests of a job count each, for whoever asked for the job', async () => {
  const endpoint = '/v2/models/iris/infer';
  const body = { inputs: [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: X }] };
  const lines = ['a', 'b', 'c'].map((id) => ({ custom_id: id, method: 'POST', url: endpoint, body }));
  lines.push({ custom_id: 'd', method: 'POST', url: endpoint, body: { inputs: [] } });
  s3.put('files/file-1', lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const input = await openS3ObjectStore('s3://models').find('files/file-1');
  const id = 'batch_0123456789abcdef0123456789abcdef';
  const requests = { inputFile: 'file-1', endpoint, completionWindow: '24h', metadata: null };
  const job = { id, folder: `out/.requests/${id}/`, createdAt: 1, input, owner: 'ann', requests };
  s3.put(`jobs/${id}.json`, JSON.stringify(job));
  await doJob(`starts/${id}`);
  const [row, ...others] = (await usage()).filter(({ caller }) => caller === 'ann');
  expect(others).toEqual([]);
  expect(row).toMatchObject({ model: 'iris', version: '1', requests: 3, failed: 1, items: 3 });
});
