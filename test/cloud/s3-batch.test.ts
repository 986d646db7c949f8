import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { S3Client } from '../../src/adapters/s3-model-store/s3-client.ts';
import { runCli } from '../fakes/run-cli.ts';
import { S3Server } from '../fakes/s3-server.ts';
import { startCli } from '../fakes/start-cli.ts';

jest.setTimeout(120_000);

const server = new S3Server();
beforeAll(() => server.start(), 30_000);
afterAll(() => server.remove());

const bucket = (name: string) => join(server.folder, 'buckets/models', name);

test('a job over a bucket that is killed between its shards goes on, and gives what it gives here', async () => {
  const record = (id: number) => `${JSON.stringify({ id, X: [5, 3, id % 7, 0.2] })}\n`;
  const text = Array.from({ length: 100_000 }, (_, id) => (id === 90_000 ? '{"id":0}\n' : record(id))).join('');
  await writeFile(join(server.folder, 'a.jsonl'), text);
  const retries = { attempts: 3, firstPauseMs: 10, longestPauseMs: 100 };
  const client = new S3Client('models', { environment: server.environment, retries, silenceMs: 5000 });
  await client.ask({ method: 'PUT', key: 'in/a +ü.jsonl', body: Buffer.from(text) });
  const shards = ['--map', 'X=X', '--shard-bytes', '2000000'];
  const here = join(server.folder, 'out');
  expect(await runCli('batch', 'iris', join(server.folder, 'a.jsonl'), '-o', here, ...shards)).toMatchObject({
    code: 0,
  });
  const words = ['batch', 'iris', 's3://models/in/a +ü.jsonl', '-o', 's3://models/out/a', ...shards];
  const environment = { ...process.env, ...server.environment };
  const first = startCli(environment, ...words);
  while (!existsSync(bucket('out/a/part-00000.jsonl')) && first.process.exitCode === null) await pause(5);
  first.process.kill('SIGKILL');
  await first.ended;
  expect(existsSync(bucket('out/a/report.json'))).toBe(false);
  expect(await runCli.within(environment, ...words)).toEqual({
    code: 0,
    stderr: '',
    stdout: 'completed: 99999 records answered, 1 failed (errors.jsonl); s3://models/out/a\n',
  });
  const names = ['errors.jsonl', 'part-00000.jsonl', 'part-00001.jsonl'];
  expect((await readdir(bucket('out/a'))).sort()).toEqual([...names, 'report.json']);
  for (const name of names)
    expect(Buffer.compare(await readFile(bucket(`out/a/${name}`)), await readFile(join(here, name)))).toBe(0);
});
