import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
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

test('a training by rows of a bucket that is killed goes on from its checkpoint there, and gives the bytes of an unbroken one', async () => {
  const file = (name: string) => join(server.folder, name);
  const rows = Array.from({ length: 60 }, (_row, at) => `${(at % 3) + (at % 7) / 10},${at % 5},${'abc'[at % 3]}`);
  const csv = ['x,y,kind', ...rows].join('\n');
  await writeFile(file('rows.csv'), csv);
  await writeFile(file('recipe.json'), JSON.stringify({ epochs: 400, patience: 400, hidden: [4] }));
  const retries = { attempts: 3, firstPauseMs: 10, longestPauseMs: 100 };
  const client = new S3Client('models', { environment: server.environment, retries, silenceMs: 5000 });
  await client.ask({ method: 'PUT', key: 'in/rows.csv', body: Buffer.from(csv) });
  const usual = ['train', 'kinds', '--new', 'mlp', '--target', 'kind', '--recipe', file('recipe.json')];
  const words = [...usual, '--svg', file('curve.svg')];
  const here = ['--data', file('rows.csv'), '--models', file('here')];
  expect(await runCli(...words, ...here)).toMatchObject({ code: 0 });
  const places = ['--data', 's3://models/in/rows.csv', '--checkpoints', 's3://models/kept'];
  const there = [...words, ...places, '--models', 's3://models/repository'];
  const environment = { ...process.env, ...server.environment };
  const first = startCli(environment, ...there);
  const bucket = (name: string) => file(`buckets/models/${name}`);
  while (!existsSync(bucket('kept/kinds.checkpoint')) && first.process.exitCode === null) await pause(5);
  first.process.kill('SIGKILL');
  await first.ended;
  expect(existsSync(bucket('repository/kinds/1/model.onnx'))).toBe(false);
  const second = await runCli.within(environment, ...there);
  expect(second.code).toBe(0);
  expect(second.stderr).toContain('it goes on after pass');
  const model = 'kinds/1/model.onnx';
  expect(Buffer.compare(await readFile(bucket(`repository/${model}`)), await readFile(file(`here/${model}`)))).toBe(0);
  expect(existsSync(bucket('kept/kinds.checkpoint'))).toBe(false);
});
