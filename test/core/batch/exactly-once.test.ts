import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { S3Client } from '../../../src/adapters/s3-model-store/s3-client.ts';
import { S3ObjectStore } from '../../../src/adapters/s3-object-store/s3-object-store.ts';
import type { BatchReport } from '../../../src/core/batch/batch-report.ts';
import { inferShard } from '../../../src/core/batch/infer-shard.ts';
import { runJob } from '../../../src/core/batch/run-job.ts';
import type { RunModel } from '../../../src/core/batch/run-records.ts';
import type { ObjectStore } from '../../../src/ports/object-store.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { checkResults } from '../../fakes/check-results.ts';
import { fakeJob } from '../../fakes/fake-job.ts';
import { FakeS3 } from '../../fakes/fake-s3.ts';
import { SteppedStore } from '../../fakes/stepped-store.ts';

const records = 12;
const text = Array.from({ length: records }, (_, id) => `{"id":${id},"x":[${id}]}\n`).join('');

/** Fails for some records, which are others at each try. */
function fickle(attempt: number): RunModel {
  return async ([x]) => {
    if (!x || x.datatype === 'BYTES') throw new Error('it is FP32');
    const values = [...new Float32Array(x.data.slice().buffer)];
    if (values.some((value) => (value + attempt) % 3 === 0)) throw new ServiceError(500, `try ${attempt}`);
    return [{ ...x, name: 'y' }];
  };
}

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-once-'));
  await writeFile(join(folder, 'in.jsonl'), text);
});
afterEach(() => rm(folder, { recursive: true }));

const s3 = new FakeS3();

function job(output: ObjectStore, attempt: number, shardBytes: number) {
  const input = new DirectoryObjectStore(folder);
  return fakeJob({ input, output, run: fickle(attempt), shardBytes, maxFailedRecords: records });
}

/** Runs a job that is killed after so many steps, then again to its end. False where the first run came to its end. */
async function killAfter(steps: number, output: ObjectStore, shardBytes: number): Promise<boolean> {
  let isDead = false;
  const dying = new SteppedStore(output, async (step) => {
    isDead ||= step >= steps;
    if (isDead) throw new Error('killed');
  });
  const [first] = await Promise.allSettled([job(dying, 0, shardBytes).then(runJob)]);
  if (first.status === 'rejected') expect(first.reason).toEqual(new Error('killed'));
  const report = await runJob(await job(output, 1, shardBytes));
  expect(report.status).toBe('completed');
  await checkResults(output, report, records);
  return isDead;
}

/**
 * Runs a job, and before one of its steps another run of it from its beginning to its end. False where there is no such
 * step.
 */
async function overtakeAt(place: number, output: ObjectStore, shardBytes: number): Promise<boolean> {
  let other: BatchReport | undefined;
  const overtaken = new SteppedStore(output, async (step) => {
    if (step === place) other = await runJob(await job(output, 1, shardBytes));
  });
  const report = await runJob(await job(overtaken, 0, shardBytes));
  await checkResults(output, report, records);
  if (other) expect(other).toEqual(report);
  return other !== undefined;
}

/** A new place for the files of a job. */
function openPlace(kind: string, name: string): ObjectStore {
  const client = new S3Client('models', {
    retries: { attempts: 1, firstPauseMs: 1, longestPauseMs: 1 },
    silenceMs: 5000,
    environment: s3.environment,
  });
  return kind === 'S3' ? new S3ObjectStore(client, name) : new DirectoryObjectStore(join(folder, name));
}

test.each([
  ['a directory', 40],
  ['a directory', 1e6],
  ['S3', 40],
])(
  'killed between any two steps, with %s and shards of %i bytes, each record ends with one answer or one error',
  async (kind, shardBytes) => {
    let steps = 0;
    while (await killAfter(steps, openPlace(kind, `${steps}/`), shardBytes)) steps += 1;
    expect(steps).toBeGreaterThan(20);
  },
  180_000,
);

test.each([
  ['a directory', 40],
  ['a directory', 1e6],
  ['S3', 40],
])(
  'overtaken between any two steps by another run of it, with %s and shards of %i bytes, both end with the same results',
  async (kind, shardBytes) => {
    let steps = 0;
    while (await overtakeAt(steps, openPlace(kind, `${steps}/`), shardBytes)) steps += 1;
    expect(steps).toBeGreaterThan(20);
  },
  180_000,
);

test('two tries of a shard at once, with other outcomes, leave those of one', async () => {
  const output = new DirectoryObjectStore(join(folder, 'out'));
  const tries = await Promise.all([0, 1, 2].map((attempt) => job(output, attempt, 1e6)));
  await Promise.all(tries.map((work) => inferShard(work, work.plan.shards[0] as never)));
  expect((await output.list('.work/shard-')).length).toBe(3);
  await checkResults(output, await runJob(await job(output, 0, 1e6)), records);
});

test('a part without the report that belongs to it is not taken for done', async () => {
  const output = new DirectoryObjectStore(join(folder, 'out'));
  const work = await job(output, 0, 1e6);
  await output.create('part-00000.jsonl', new DirectoryObjectStore(folder).read(work.plan.file));
  await expect(runJob(work)).rejects.toThrow("'part-00000.jsonl' is there, but not the report that belongs to it");
});
