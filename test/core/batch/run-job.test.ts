import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { type JobWork, runJob } from '../../../src/core/batch/run-job.ts';
import type { RunModel } from '../../../src/core/batch/run-records.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { fakeJob } from '../../fakes/fake-job.ts';

let folder = '';
let runs: number[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-job-'));
  runs = [];
});
afterEach(() => rm(folder, { recursive: true }));

/** Answers each row with itself; refuses runs that have the value 13 in them. */
const echo: RunModel = async ([x]) => {
  if (!x || x.datatype === 'BYTES') throw new Error('it is FP32');
  const values = new Float32Array(x.data.slice().buffer);
  runs.push(x.shape[0] ?? 0);
  if (values.includes(13)) throw new ServiceError(400, '13 is refused');
  return [{ ...x, name: 'y' }];
};

async function work(text: string | Buffer, { job = 'job', shardBytes = 1e6, run = echo } = {}): Promise<JobWork> {
  // Left as it is where it is there: a file that was written again is another.
  await writeFile(join(folder, 'in.jsonl'), text, { flag: 'wx' }).catch(() => undefined);
  const stores = { input: new DirectoryObjectStore(folder), output: new DirectoryObjectStore(join(folder, 'out')) };
  const found = await fakeJob({ ...stores, job, shardBytes, run });
  runs = [];
  return found;
}

async function lines(name: string): Promise<readonly unknown[]> {
  const text = await readFile(join(folder, 'out', name), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const records = (count: number) =>
  Array.from({ length: count }, (_, id) => `{"id":${id},"x":[${id + 100}]}\n`).join('');

test('each record has its answer, in order, and records of equal shapes share a run', async () => {
  const report = await runJob(await work('{"x":[1,2]}\n{"id":"b","x":[3]}\n\n{"x":[[4]],"id":7}\r\n{"x":[5,6]}'));
  // A record's nesting is its own; the shape says [n].
  expect(report).toMatchObject({ status: 'completed', records: 4, answered: 3, failed: 1 });
  expect(report).toMatchObject({
    ...{ model: 'm', version: 1, digest: 'd' },
    ...{ startedAt: '2026-11-28T10:00:00.000Z', finishedAt: '2026-11-28T10:00:05.000Z', seconds: 5 },
  });
  expect(report).not.toHaveProperty('cost');
  expect(await lines('part-00000.jsonl')).toEqual([
    { record: 0, y: [1, 2] },
    { id: 'b', y: [3] },
    { record: 3, y: [5, 6] },
  ]);
  expect(await lines('errors.jsonl')).toEqual([
    { record: 2, offset: 32, error: expect.stringContaining("input 'x'"), input: { x: [[4]], id: 7 } },
  ]);
  expect([...runs].sort()).toEqual([1, 2]);
  expect((await readdir(join(folder, 'out'))).sort()).toEqual(['errors.jsonl', 'part-00000.jsonl', 'report.json']);
});

test('a poison record fails alone', async () => {
  const report = await runJob(await work(`${records(5)}{"id":"bad","x":[13]}\n${records(5)}`));
  expect(report).toMatchObject({ status: 'completed', answered: 10, failed: 1 });
  expect(await lines('errors.jsonl')).toMatchObject([{ record: 5, error: '13 is refused' }]);
});

test('more failures than are tolerated end it as failed, with what was done', async () => {
  const report = await runJob(await work('{"x":[1]}\n{"x":"a"}\n{"x":true}\n'));
  expect(report).toMatchObject({ status: 'failed', answered: 1, failed: 2 });
  expect(report.reason).toBe('2 records have no answer, more than the 1 that are tolerated');
});

test('too many failures end it early, with the shards that were done', async () => {
  const bad = '{"x":[13]}\n';
  const early = await work(`${records(2)}${bad}${records(2)}${bad}${records(20)}`, { shardBytes: 50 });
  expect(early.plan.shards.length).toBeGreaterThan(6);
  const report = await runJob(early);
  expect(report).toMatchObject({ status: 'failed', records: 26, failed: 2 });
  expect(report.reason).toBe(
    `2 records have no answer, more than the 1 that are tolerated; ${26 - 2 - report.answered} of 26 were not done`,
  );
  expect(report.parts).toHaveLength(2);
  expect(report.answered).toBe(report.parts.reduce((sum, part) => sum + part.records, 0));
  expect(await runJob(await work('', { shardBytes: 50 }))).toEqual(report);
});

test('too many failures end it within a shard, too, with what was done of that', async () => {
  const bad = '{"x":["a"]}\n';
  const report = await runJob(await work(`${bad}${bad}${records(10_000)}`));
  const { answered } = report;
  expect(answered).toBeLessThan(5000);
  expect(report).toMatchObject({ status: 'failed', records: 10_002, failed: 2, parts: [{ records: answered }] });
  expect(report.reason).toBe(
    `2 records have no answer, more than the 1 that are tolerated; ${10_000 - answered} of 10002 were not done`,
  );
  expect(await lines('part-00000.jsonl')).toHaveLength(answered);
});

test('what was done is not done again: of a shard, and of the job', async () => {
  const text = records(30);
  let callsLeft = Number.POSITIVE_INFINITY;
  const failing: RunModel = async (inputs) => {
    callsLeft -= 1;
    if (callsLeft < 0) throw new ServiceError(503, 'the model went away');
    return echo(inputs);
  };
  const cut = await work(text, { shardBytes: 100, run: failing });
  callsLeft = 2;
  await expect(runJob(cut)).rejects.toThrow('the model went away');
  const again = await work(text, { shardBytes: 100 });
  expect(again.plan).toEqual(cut.plan);
  expect(await runJob(again)).toMatchObject({ status: 'completed', answered: 30, failed: 0 });
  expect(runs.reduce((sum, rows) => sum + rows, 0)).toBeLessThan(30);
  const all = await Promise.all(again.plan.shards.map(({ index }) => lines(`part-0000${index}.jsonl`)));
  expect(all.flat()).toEqual(Array.from({ length: 30 }, (_, id) => ({ id, y: [id + 100] })));
  const done = await work(text, { shardBytes: 100 });
  expect(done.plan.shards).toEqual([]);
  expect(await runJob(done)).toMatchObject({ status: 'completed', answered: 30 });
  expect(runs).toEqual([]);
});

test('what failed for a passing reason is tried again, later each time, and counted once', async () => {
  let answers = Number.POSITIVE_INFINITY;
  const failing: RunModel = async (inputs) => {
    answers -= 1;
    if (answers >= 0) return echo(inputs);
    throw new ServiceError(503, 'the model went away');
  };
  // More than are in memory together, so that some are done before the failure.
  const made = await work(`{"x":["a"]}\n${records(5000)}`, { run: failing });
  answers = Math.ceil(4500 / made.plan.rows);
  const pauses: number[] = [];
  const told: number[] = [];
  const report = await runJob({
    ...made,
    pause: async (count) => {
      pauses.push(count);
      if (count === 2) answers = Number.POSITIVE_INFINITY;
    },
    onProgress: (done) => void told.push(done),
  });
  expect(report).toMatchObject({ answered: 5000, failed: 1 });
  expect(pauses).toEqual([1, 2]);
  expect(told.filter((done) => done < 0)).toContain(-4096);
  expect(told.reduce((sum, done) => sum + done, 0)).toBe(5001);
});

test('another job finds the folder taken', async () => {
  await runJob(await work(records(2)));
  await expect(work(records(2), { job: 'other' })).rejects.toThrow('has those of another job');
});

test.each([
  ['', "'in.jsonl' has no records"],
  ['\n \n', "'in.jsonl' has no records"],
  ['{"y":1}\n', "record 0: the record has no field 'x', which fills the model's input 'x' (FP32)"],
  ['[1]\n', 'record 0: the record: expected an object, got an array'],
  ['{"x":[1],"x":[2]}', "record 0: the record has the field 'x' twice"],
  ['\xff\n', 'record 0: '],
  [
    '[\n  {"x":[1]}\n]\n',
    "'in.jsonl': its first line is '[' alone, and a record is a JSON object on one line; write it so (jq -c '.[]')",
  ],
  [
    '\n{ \r\n "x":[1]}\n',
    "its first line is '{' alone, and a record is a JSON object on one line; write it so (jq -c '.')",
  ],
  [Buffer.from('\ufeff{"x":[1]}\n', 'utf16le'), "'in.jsonl' is UTF-16; save it as UTF-8"],
  [Buffer.from('\ufeff{"x":[1]}\n', 'utf16le').swap16(), "'in.jsonl' is UTF-16; save it as UTF-8"],
  [Buffer.from('{"x":[1]}\n', 'utf16le'), "'in.jsonl' is UTF-16; save it as UTF-8"],
])('what cannot work is refused before the first shard: %j', async (text, message) => {
  await expect(work(text)).rejects.toThrow(message);
});

test('a byte-order mark at the beginning is none of the record', async () => {
  expect(await runJob(await work('\ufeff{"x":[1]}\n'))).toMatchObject({ answered: 1, failed: 0 });
});

test('a record that is too large fails in words', async () => {
  const report = await runJob(await work(`{"x":[1]}\n{"x":[${'1,'.repeat(600)}1]}\n`));
  expect(report).toMatchObject({ answered: 1, failed: 1 });
  expect(await lines('errors.jsonl')).toMatchObject([
    { error: expect.stringMatching(/^the record is 1210 bytes, more than the 1000 .*; large values go into files/) },
  ]);
});
