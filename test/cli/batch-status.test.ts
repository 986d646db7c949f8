import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { uploadedJobId } from '../../src/adapters/batch/uploaded-job-id.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { runCommand } from '../fakes/run-command.ts';
import { sampleModels } from '../fakes/sample-models.ts';
import { type StartedServer, startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(60_000);

const times = { startedAt: '2026-11-28T10:00:00.000Z', finishedAt: '2026-11-28T11:05:07.000Z' };
const file = { key: 'x.jsonl', bytes: 1, version: 'v' };
const counts = { records: 40, answered: 29, failed: 1 };
const plan = {
  ...{ model: 'iris', version: 1, file, startedAt: times.startedAt, settings: { maxFailedRecords: 9 } },
  shards: [
    { index: 0, start: 0, end: 1, firstRecord: 0, records: 30 },
    { index: 1, start: 1, end: 2, firstRecord: 30, records: 10 },
  ],
};
const report = {
  ...{ job: 'j', status: 'failed', reason: 'too many', model: 'iris', version: 1, input: file, ...counts, parts: [] },
  ...{ ...times, seconds: 3907, workSeconds: 1 },
};
const checksum = '0'.repeat(64);
const shardReport = {
  index: 0,
  part: { file: 'part-00000.jsonl', records: 29, bytes: 1, checksum },
  errors: { file: '', records: 1, bytes: 1, checksum },
  seconds: 1,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-status-'));
});
afterEach(() => rm(folder, { recursive: true }));

const lines = (text: string) => text.trimEnd().split('\n');

describe('of a job of the command', () => {
  test('that is done: what became of it, why, and how long it took', async () => {
    await writeFile(join(folder, 'report.json'), JSON.stringify(report));
    const { code, stdout } = await runCommand('batch', 'status', folder);
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([
      'job      j',
      'state    failed',
      'model    iris, version 1',
      'records  30 of 40 done (75 %), 1 without an answer',
      'reason   too many',
      'time     1 h 5 min, until 2026-11-28T11:05:07Z',
      `results  ${folder}`,
    ]);
    const { stdout: json } = await runCommand('batch', 'status', folder, '--json');
    const { job, status, model, version, reason } = report;
    expect(JSON.parse(json)).toEqual({
      ...{ job, status, model, version, ...counts, reason, ...times },
      results: folder,
    });
  });

  test('that was cut off while it is planned, is none yet', async () => {
    expect(await runCommand('batch', 'status', folder)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: there is no job at '${folder}': expected its folder of results, the s3:// URI of what a deployment's job is about, or --url and an id\n`,
    });
  });
});

describe('of a job in a bucket', () => {
  const s3 = new FakeS3();
  const tell = (...words: string[]) => runCommand.within({ ...process.env, ...s3.environment }, 'batch', ...words);
  const put = (key: string, value: object) => s3.put(key, JSON.stringify(value));

  /** Stores an upload, and what its job has so far. */
  function upload(planned = true): string {
    s3.put('in/iris/a +ü.jsonl', 'x', { headers: { 'x-amz-version-id': 'v1' } });
    const storedAt = new Date('Wed, 25 Nov 2026 05:00:00 GMT');
    const id = uploadedJobId('models', { key: 'in/iris/a +ü.jsonl', bytes: 1, version: 'v1', storedAt });
    const results = `out/iris/a +ü.jsonl/${id}/`;
    put(`jobs/${id}.json`, { id, folder: results, createdAt: 1, input: file });
    if (!planned) return id;
    put(`work/${id}/plan.json`, { ...plan, job: id });
    put(`work/${id}/shard-00000-${checksum}-1.json`, shardReport);
    s3.put(`${results}part-00000.jsonl`, 'x');
    return id;
  }

  test('that is going on: by its input, or by its folder', async () => {
    const id = upload();
    const folderOf = `s3://models/out/iris/a +ü.jsonl/${id}`;
    for (const place of ['s3://models/in/iris/a +ü.jsonl', folderOf, `${folderOf}/`]) {
      const { stdout, stderr } = await tell('status', place);
      expect(stderr).toBe('');
      expect(lines(stdout)).toEqual([
        `job      ${id}`,
        'state    in progress',
        'model    iris, version 1',
        'records  30 of 40 done (75 %), 1 without an answer',
        expect.stringMatching(/^time {5}.+, since 2026-11-28T10:00:00Z$/),
        `results  ${folderOf}/`,
      ]);
    }
  });

  test('that is not planned yet', async () => {
    const id = upload(false);
    const { stdout } = await tell('status', 's3://models/in/iris/a +ü.jsonl');
    expect(lines(stdout).slice(0, 3)).toEqual([`job      ${id}`, 'state    validating', 'records  not counted yet']);
  });

  test('of the command, which may have been interrupted', async () => {
    put('out/x/.work/plan.json', { ...plan, job: 'j' });
    const { stdout } = await tell('status', 's3://models/out/x');
    expect(stdout).toContain('state    in progress; if it was interrupted, the same command goes on\n');
    expect(await tell('cancel', 's3://models/out/x')).toEqual({
      code: 1,
      stdout: '',
      stderr: "error: 's3://models/out/x' is of a job of this command: Ctrl-C stops it where it runs\n",
    });
  });

  test('is cancelled by its input, once', async () => {
    const id = upload();
    const place = 's3://models/in/iris/a +ü.jsonl';
    expect(await tell('cancel', place)).toEqual({
      code: 0,
      stderr: '',
      stdout: `asked ${id} to stop; tensorgate batch status tells when it has\n`,
    });
    expect(s3.objects.has(`work/${id}/cancel.json`)).toBe(true);
    expect((await tell('status', place)).stdout).toContain('state    cancelling\n');
    put(`out/iris/a +ü.jsonl/${id}/report.json`, { ...report, job: id, status: 'cancelled' });
    expect(await tell('cancel', place)).toMatchObject({
      code: 1,
      stderr: `error: the batch '${id}' is over: it is cancelled\n`,
    });
  });

  test.each(['s3://models/in/none.jsonl', 's3://models/out/x', 's3://models', 's3://models/x.jsonl'])(
    '%s is no job, and why is said',
    async (place) => {
      s3.put('x.jsonl', 'no job began with it');
      expect(await tell('status', place)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`error: there is no job at '${place}': expected its folder of results`),
      });
    },
  );
});

describe('of a job of a server', () => {
  const samples = sampleModels();
  let server: StartedServer;
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'tensorgate-status-'));
    server = await startProcess(samples, '--data', data, '--base-path', '/base', '--log-level', 'error');
  });
  afterAll(async () => {
    await stopProcess(server);
    await rm(data, { recursive: true });
  });

  async function begin(count: number): Promise<string> {
    const body = { inputs: [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: [1, 2, 3, 4] }] };
    const asked = { method: 'POST', url: '/v2/models/iris/infer', body };
    const requests = Array.from({ length: count }, (_, id) => `${JSON.stringify({ custom_id: `${id}`, ...asked })}\n`);
    const form = new FormData();
    form.append('purpose', 'batch');
    form.append('file', new File([...requests, '{}\n'], 'x.jsonl'));
    const uploaded = await fetch(`${server.url}/v1/files`, { method: 'POST', body: form });
    const { id } = (await uploaded.json()) as { id: string };
    const created = await fetch(`${server.url}/v1/batches`, {
      method: 'POST',
      body: JSON.stringify({ input_file_id: id, endpoint: '/v2/models/iris/infer' }),
    });
    return ((await created.json()) as { id: string }).id;
  }

  const url = () => ['--url', server.url];

  test('by its id, in words and as JSON', async () => {
    const id = await begin(2);
    let status = '';
    while (status !== 'completed' && status !== 'failed') {
      ({ status } = JSON.parse((await runCommand('batch', 'status', id, ...url(), '--json')).stdout));
    }
    const { code, stdout } = await runCommand('batch', 'status', id, ...url());
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual([
      `job      ${id}`,
      'state    completed',
      'records  3 of 3 done (100 %), 1 without an answer',
      expect.stringMatching(/^time {5}\d s, until 2\S+Z$/),
      `output   file-${id}-output`,
      `errors   file-${id}-errors`,
    ]);
    expect(await runCommand('batch', 'cancel', id, ...url())).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: the server answers 409: the batch '${id}' is over: it is completed\n`,
    });
  });

  test('that is cancelled', async () => {
    const id = await begin(20_000);
    expect(await runCommand('batch', 'cancel', id, ...url())).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await runCommand('batch', 'status', id, ...url());
    expect(stdout).toMatch(/^state {4}cancell(ing|ed)$/m);
  });

  test('that wants an API key', async () => {
    const gateway = createServer((request, response) => {
      const isKnown = request.headers['x-api-key'] === 'secret';
      response.writeHead(isKnown ? 404 : 403);
      response.end(isKnown ? '{"error":{"message":"no such batch"}}' : '{"error":"Forbidden"}');
    });
    await once(gateway.listen(0, '127.0.0.1'), 'listening');
    const words = ['batch', 'status', 'batch_x', '--url', `127.0.0.1:${(gateway.address() as AddressInfo).port}`];
    const { TENSORGATE_API_KEY: _, ...without } = process.env;
    const answers = await Promise.all(
      [without, { ...without, TENSORGATE_API_KEY: 'secret' }].map((env) => runCommand.within(env, ...words)),
    );
    gateway.close();
    expect(answers.map(({ stderr }) => stderr)).toEqual([
      'error: the server answers 403: Forbidden; TENSORGATE_API_KEY, which has the API key, is not set\n',
      'error: the server answers 404: no such batch\n',
    ]);
  });

  test('that there is none of', async () => {
    expect(await runCommand('batch', 'status', 'batch_x', ...url())).toEqual({
      code: 1,
      stdout: '',
      stderr: "error: the server answers 404: there is no batch 'batch_x'\n",
    });
  });
});
