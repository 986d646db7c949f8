import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import type { PrepareEvent } from '../../functions/prepare.ts';
import { identityModel } from '../adapters/models.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { lambdaContext } from './lambda-event.ts';

const s3 = new FakeS3(true);
const before = { ...process.env };
const cache = mkdtempSync(join(tmpdir(), 'tensorgate-prepare-'));
const warned: unknown[] = [];
let handler: (event: PrepareEvent, context: Context) => Promise<void>;

beforeAll(async () => {
  Object.assign(process.env, {
    TENSORGATE_MODELS: 's3://models/root',
    TENSORGATE_CACHE: cache,
    // Less than this process has by now.
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '16',
  });
  handler = (await import('../../functions/prepare.ts')).handler;
  const { logger } = await import('../../functions/logger.ts');
  jest.spyOn(logger, 'warn').mockImplementation((_, ...more) => void warned.push(more[0]));
});
afterAll(() => {
  process.env = before;
  rmSync(cache, { recursive: true });
});

test('a model that is too large for the memory is not prepared, and the log says how much it takes', async () => {
  Object.assign(process.env, s3.environment);
  s3.put('root/a/1/model.onnx', buildOnnx(identityModel('FP32')));
  await handler({ detail: { object: { key: 'root/a/1/model.onnx' } } }, lambdaContext(900_000));
  expect(warned).toMatchObject([
    {
      outcome: 'impossible',
      reason: expect.stringMatching(
        /^model 'a' version 1 is \d+ bytes, and preparing it may take 5 times as much memory/,
      ),
    },
  ]);
});
