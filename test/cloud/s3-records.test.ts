import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CallChain } from '../../src/adapters/audit/call-chain.ts';
import { ChangeLog } from '../../src/adapters/audit/change-log.ts';
import { listAudit } from '../../src/adapters/audit/list-audit.ts';
import { verifyAudit } from '../../src/adapters/audit/verify-audit.ts';
import { S3Client } from '../../src/adapters/s3-model-store/s3-client.ts';
import { S3ObjectStore } from '../../src/adapters/s3-object-store/s3-object-store.ts';
import { openUsage } from '../../src/adapters/usage/open-usage.ts';
import type { AnsweredCall } from '../../src/ports/answered-call.ts';
import { S3Server } from '../fakes/s3-server.ts';

jest.setTimeout(120_000);

const server = new S3Server();
const before = { ...process.env };
beforeAll(async () => {
  await server.start();
  Object.assign(process.env, server.environment);
}, 30_000);
afterAll(async () => {
  process.env = before;
  await server.remove();
});

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const now = () => new Date();

function audit(): S3ObjectStore {
  const retries = { attempts: 8, firstPauseMs: 10, longestPauseMs: 500 };
  const client = new S3Client('models', { environment: server.environment, retries, silenceMs: 20_000 });
  return new S3ObjectStore(client, 'root/.audit/');
}

test('of 20 that change at once, and as many hosts that write calls, no line is lost, and the log is whole', async () => {
  const writers = Array.from({ length: 20 }, (_, who) => who);
  const changes = writers.map(async (who) => {
    const changeLog = new ChangeLog(audit());
    for (let version = 1; version <= 3; version += 1)
      await changeLog.append({ action: 'push', who: `w${who}`, version });
  });
  const calls = writers.map(async (who) => {
    const chain = new CallChain({ store: audit(), host: `host-${who}`, log, now, mostBytes: 1e6 });
    for (let segment = 0; segment < 3; segment += 1) {
      for (let i = 0; i < 5; i += 1) chain.add({ kind: 'call', who: `w${who}` });
      await chain.flush();
    }
    await chain.end();
  });
  await Promise.all([...changes, ...calls]);
  const { chains, faults } = await verifyAudit(audit(), { heads: [] });
  expect(faults).toEqual([]);
  expect(chains).toHaveLength(21);
  expect(chains.at(-1)).toMatchObject({ chain: 'changes', lines: 60 });
  const seen: string[] = [];
  for await (const { who, kind = 'change' } of listAudit(audit(), {})) seen.push(`${kind} ${who}`);
  for (const who of writers) {
    expect(seen.filter((each) => each === `change w${who}`)).toHaveLength(3);
    expect(seen.filter((each) => each === `call w${who}`)).toHaveLength(15);
  }
});

test('usage of hosts that write over their objects while others read adds up', async () => {
  const hosts = Array.from({ length: 5 }, (_, i) => {
    const host = { id: `h${i}`, kind: 'server', gigabytes: 1, vcpus: 1, architecture: 'x86_64' } as const;
    return openUsage({ models: 's3://models/root', host, gigabytesOf: () => 1, log, now });
  });
  const call: AnsweredCall = {
    protocol: 'http',
    method: 'POST',
    requestId: 'r',
    caller: 'ann',
    status: 200,
    ms: 1,
    waitedMs: 0,
    served: { model: 'm', version: '1' },
    body: new Uint8Array(0),
    answerBytes: 0,
  };
  await Promise.all(
    hosts.map(async (host) => {
      for (let i = 0; i < 20; i += 1) {
        host.add(call);
        await host.flush();
        await host.refresh();
      }
      await host.end();
    }),
  );
  const [reader] = hosts;
  await reader?.refresh();
  expect(reader?.of('ann')).toMatchObject({ requestsToday: 100, requestsThisMonth: 100 });
});
