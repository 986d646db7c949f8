import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { S3Server } from '../fakes/s3-server.ts';
import { race } from '../releases/race.ts';

const server = new S3Server();
let file = '';

beforeAll(async () => {
  await server.start();
  Object.assign(process.env, server.environment);
  file = join(server.folder, 'model.onnx');
  await writeFile(file, buildOnnx({ inputs: [], outputs: [], nodes: [] }));
}, 30_000);
afterAll(() => server.remove());

test.each([
  ['a real S3 server', () => 's3://models/race'],
  ['a directory', () => join(server.folder, 'race')],
])(
  'fifty clients of ten processes that push, alias, try, promote, roll back and delete at once on %s lose nothing',
  async (_kind, uri) => {
    const options = { processes: 10, clients: 5, times: 10, environment: process.env };
    const report = await race(uri(), file, options);
    console.log(`${uri()}: ${JSON.stringify(report)}`);
    expect(report.changes).toBeGreaterThan(50);
    expect(report.pushed).toBeGreaterThan(20);
    expect(report.deleted).toBeGreaterThan(10);
    // Of those that came too late each was told.
    expect(report.lost).toBeGreaterThan(10);
  },
  300_000,
);
