import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { InvocationRecords } from '../../functions/invocation-records.ts';
import { readEnvironment } from '../../functions/read-environment.ts';
import { keyCaller } from '../../src/adapters/api-keys/key-caller.ts';
import { verifyAudit } from '../../src/adapters/audit/verify-audit.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { type CallRecordsOptions, openCallRecords } from '../../src/adapters/open-call-records.ts';
import { UsageReader } from '../../src/adapters/usage/usage-reader.ts';
import { jsonResponse } from '../../src/http/json-response.ts';
import type { AnsweredCall } from '../../src/ports/answered-call.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { lambdaContext, lambdaEvent } from './lambda-event.ts';

let models = '';
let nowMs = 0;
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'tensorgate-invocations-'));
  nowMs = 0;
});
afterEach(() => rm(models, { recursive: true }));

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const call: AnsweredCall = {
  protocol: 'http',
  method: 'POST',
  requestId: 'r',
  caller: 'key-1',
  status: 200,
  ms: 500,
  waitedMs: 0,
  served: { model: 'm', version: '1' },
  body: new Uint8Array(1),
  answerBytes: 1,
};

function records(options: Partial<CallRecordsOptions>): InvocationRecords {
  const kept = openCallRecords({
    models,
    kind: 'lambda',
    audit: 'off',
    auditBodies: 0,
    usage: false,
    gigabytesOf: () => 2,
    gigabytes: 2,
    everyMs: 0,
    log,
    ...options,
  });
  if (!kept) throw new Error('nothing is kept');
  return new InvocationRecords(kept, { now: () => nowMs }, { usageEveryMs: 10_000, patienceMs: 5000 });
}

async function requests(): Promise<number | undefined> {
  const [usage] = await new UsageReader(new DirectoryObjectStore(join(models, '.usage'))).read(
    '2000-01-01',
    '2999-12-31',
  );
  expect(usage?.host).toMatchObject({ kind: 'lambda', gigabytes: 2 });
  return usage?.rows[0]?.requests;
}

test('usage is written with the first call, then with the first one for which it is time', async () => {
  const kept = records({ usage: true });
  await kept.answered(call);
  expect(await requests()).toBe(1);
  nowMs = 9999;
  await kept.answered(call);
  await kept.answered(call);
  expect(await requests()).toBe(1);
  nowMs = 10_000;
  await kept.answered(call);
  expect(await requests()).toBe(4);
});

test('a line of the audit log is there when its call is over', async () => {
  const kept = records({ audit: 'denied' });
  const lines = async () => {
    const { chains, faults } = await verifyAudit(new DirectoryObjectStore(join(models, '.audit')), { heads: [] });
    expect(faults).toEqual([]);
    return chains[0]?.lines ?? 0;
  };
  await kept.answered(call);
  expect(await lines()).toBe(0);
  const denied = { ...call, served: undefined, status: 403, error: new ServiceError(403, 'no') };
  await kept.answered(denied);
  expect(await lines()).toBe(2);
  await kept.answered(denied);
  expect(await lines()).toBe(3);
});

describe('the edge', () => {
  beforeAll(() => {
    process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
    process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  });

  test('tells of each call: who, what, how it ended, and its body as it was meant', async () => {
    const { edge } = await import('../../functions/edge.ts');
    const heard: AnsweredCall[] = [];
    let answers = 0;
    const handler = edge(
      {
        callerIn: async () => keyCaller({ name: 'acme' }),
        answer: async ({ onChosen }) => {
          answers += 1;
          if (answers === 2) throw new ServiceError(403, 'not for you');
          if (answers === 3) {
            onChosen?.({ model: 'm', version: '2', alias: 'production' });
            throw new ServiceError(503, 'not now');
          }
          return { ...jsonResponse({ y: 1 }), served: { model: 'm', version: '2' } };
        },
        answered: async (each) => void heard.push(each),
        warmUp: async () => undefined,
      },
      { maxDecompressedBytes: 1000, corsOrigin: undefined },
    ) as unknown as (event: object, context: object) => Promise<{ headers: object }>;
    const body = gzipSync('{"x":1}');
    const ask = () =>
      handler(lambdaEvent('POST', '/v2/models/m/infer', body, { 'content-encoding': 'gzip' }), lambdaContext());
    for (let i = 0; i < 2; i += 1) await ask();
    const named = { 'x-tensorgate-version': '2', 'x-tensorgate-alias': 'production' };
    expect((await ask()).headers).toMatchObject(named);
    expect(heard).toMatchObject([
      {
        protocol: 'http',
        method: 'POST',
        path: '/v2/models/m/infer',
        status: 200,
        caller: 'acme',
        served: { model: 'm' },
        answerBytes: 7,
      },
      { status: 403, error: { message: 'not for you' }, asked: 'm' },
      { status: 503, chosen: { model: 'm', version: '2', alias: 'production' } },
    ]);
    expect(heard.map((each) => Buffer.from(each.body).toString())).toEqual(Array(3).fill('{"x":1}'));
  });
});

test('the environment says what is kept', () => {
  const given = { TENSORGATE_MODELS: 's3://models', TENSORGATE_AUDIT: 'all', TENSORGATE_USAGE_SECONDS: '0' };
  expect(readEnvironment(given)).toMatchObject({
    audit: 'all',
    auditBodies: 0,
    usageSeconds: 0,
    memoryGigabytes: 0.125,
  });
  expect(readEnvironment({ TENSORGATE_MODELS: 'm' })).toMatchObject({ audit: 'off', usageSeconds: undefined });
  expect(() => readEnvironment({ ...given, TENSORGATE_AUDIT: 'some' })).toThrow(
    "TENSORGATE_AUDIT: expected denied, all, off, got 'some'",
  );
});
