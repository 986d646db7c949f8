import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listAudit } from '../../src/adapters/audit/list-audit.ts';
import { verifyAudit } from '../../src/adapters/audit/verify-audit.ts';
import { openRepositoryFolder } from '../../src/adapters/open-repository-folder.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';

const s3 = new FakeS3(true);
const before = { ...process.env };
let record: (event: object) => Promise<void>;

beforeAll(async () => {
  process.env.TENSORGATE_MODELS = 's3://models/root';
  Object.assign(process.env, s3.environment);
  ({ handler: record } = (await import('../../functions/record-refusals.ts')) as never);
});
beforeEach(() => {
  Object.assign(process.env, s3.environment);
  s3.fault = () => undefined;
});
afterAll(() => {
  process.env = before;
});

const answeredAt = '2026-11-29T12:00:00.000Z';
let ids = 0;

/** An event of CloudWatch Logs with lines of the access log. */
function eventOf(...lines: readonly (object | string)[]): object {
  const logEvents = lines.map((line) => {
    ids += 1;
    const message = typeof line === 'string' ? line : JSON.stringify(line);
    return { id: String(ids), timestamp: Date.parse(answeredAt), message };
  });
  return packed({ messageType: 'DATA_MESSAGE', logEvents });
}

function packed(data: object): object {
  return { awslogs: { data: gzipSync(JSON.stringify(data)).toString('base64') } };
}

const refusal = {
  requestId: 'r-1',
  apiKeyId: 'k123',
  principal: '-',
  method: 'POST',
  path: '/api/v2/models/fraud/versions/3/infer',
  status: '403',
  latencyMs: '3',
  error: 'User is not authorized to access this resource',
  refusal: 'ACCESS_DENIED',
  caller: 'policy:team%20%22a%22',
};

async function linesOf(requestId: string) {
  const lines = [];
  for await (const line of listAudit(openRepositoryFolder('s3://models/root', '.audit'), { action: 'denied' }))
    if (line.requestId === requestId) lines.push(line);
  return lines;
}

test('what API Gateway refused is in the audit log: whose call, which model, and why', async () => {
  await record(eventOf(refusal));
  expect(await linesOf('r-1')).toEqual([
    expect.objectContaining({
      kind: 'denied',
      by: 'gateway',
      answeredAt,
      protocol: 'http',
      method: 'POST',
      path: '/api/v2/models/fraud/versions/3/infer',
      who: 'team "a"',
      status: 403,
      model: 'fraud',
      why: 'ACCESS_DENIED: User is not authorized to access this resource',
    }),
  ]);
  const { faults } = await verifyAudit(openRepositoryFolder('s3://models/root', '.audit'), { heads: [] });
  expect(faults).toEqual([]);
});

test.each([
  ['a key without a policy', { caller: 'key' }, 'k123'],
  ['a principal', { caller: '-', apiKeyId: '-', principal: 'arn:aws:iam::1:role/ci' }, 'arn:aws:iam::1:role/ci'],
  ['nobody', { caller: '-', apiKeyId: '-' }, undefined],
])('it names %s as far as API Gateway knows', async (kind, more, who) => {
  await record(eventOf({ ...refusal, ...more, requestId: kind }));
  expect((await linesOf(kind)).map((line) => line.who)).toEqual([who]);
});

test('a line that is no JSON is there all the same', async () => {
  await record(eventOf('{"requestId": "broken", "error": "a "quote""}'));
  const store = openRepositoryFolder('s3://models/root', '.audit');
  const found = [];
  for await (const line of listAudit(store, { action: 'denied' })) found.push(line.why);
  expect(found).toContain('not readable: {"requestId": "broken", "error": "a "quote""}');
});

test('what cannot be written is tried again by Lambda, and is there once', async () => {
  s3.fault = ({ method }) => (method === 'PUT' ? { status: 403 } : undefined);
  const event = eventOf({ ...refusal, requestId: 'r-2' });
  await expect(record(event)).rejects.toThrow();
  s3.fault = () => undefined;
  await record(event);
  expect(await linesOf('r-2')).toHaveLength(1);
});

test('what CloudWatch sends to see whether the function is there adds nothing', async () => {
  const objects = s3.objects.size;
  await record(packed({ messageType: 'CONTROL_MESSAGE', logEvents: [{ id: '1', timestamp: 0, message: 'CWL' }] }));
  expect(s3.objects.size).toBe(objects);
});
