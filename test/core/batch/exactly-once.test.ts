import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { inferShard } from '../../../src/core/batch/infer-shard.ts';
import { runJob } from '../../../src/core/batch/run-job.ts';
import { EachStep, type StoreKind } from '../../crash/each-step.ts';

// A shard of two records and one of one. More of them, and all steps with S3: `npm run test:crash`.
const runs = new EachStep(3);
const kinds: [StoreKind, number][] = [
  ['a directory', 1],
  ['S3', 7],
];

test.each(kinds)(
  'killed between steps, with %s, each record ends with one answer or one error',
  async (kind, every) => {
    expect(await runs.killed(kind, 40, every)).toBeGreaterThan(20);
  },
  60_000,
);

test.each(kinds)(
  'overtaken between steps by another run, with %s, both end with the same',
  async (kind, every) => {
    expect(await runs.overtaken(kind, 40, every)).toBeGreaterThan(20);
  },
  60_000,
);

test('two tries of a shard at once, with other outcomes, leave those of one', async () => {
  const output = new DirectoryObjectStore(join(runs.folder, 'out'));
  const tries = await Promise.all([0, 1, 2].map((attempt) => runs.job(output, attempt, 1e6)));
  await Promise.all(tries.map((work) => inferShard(work, work.plan.shards[0] as never)));
  expect((await output.list('.work/shard-')).length).toBe(3);
  await runs.check(output, await runJob(await runs.job(output, 0, 1e6)));
});

test('a part without the report that belongs to it is not taken for done', async () => {
  const output = new DirectoryObjectStore(join(runs.folder, 'out'));
  const work = await runs.job(output, 0, 1e6);
  await output.create('part-00000.jsonl', new DirectoryObjectStore(runs.folder).read(work.plan.file));
  await expect(runJob(work)).rejects.toThrow("'part-00000.jsonl' is there, but not the report that belongs to it");
});
