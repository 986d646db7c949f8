import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { canonicalJson } from '../../../src/adapters/audit/canonical-json.ts';
import { ChangeLog } from '../../../src/adapters/audit/change-log.ts';
import { recordChange } from '../../../src/adapters/audit/record-change.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { S3Client } from '../../../src/adapters/s3-model-store/s3-client.ts';
import { S3ObjectStore } from '../../../src/adapters/s3-object-store/s3-object-store.ts';
import type { ObjectStore } from '../../../src/ports/object-store.ts';
import { FakeS3 } from '../../fakes/fake-s3.ts';

const s3 = new FakeS3();
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tensorgate-audit-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The lines of the chain; throws where one does not carry the hash of the one before. */
function chainOf(texts: readonly string[]): Record<string, unknown>[] {
  let previous = '0'.repeat(64);
  return texts.map((text, index) => {
    const { hash, ...record } = JSON.parse(text);
    expect(text).toBe(`${canonicalJson({ ...record, hash })}\n`);
    expect(record).toMatchObject({ previous, number: index + 1 });
    expect(hash).toBe(createHash('sha256').update(canonicalJson(record)).digest('hex'));
    previous = hash;
    return record;
  });
}

async function chain(): Promise<Record<string, unknown>[]> {
  const folder = join(root, '.audit/changes');
  const names = (await readdir(folder)).sort();
  return chainOf(await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8'))));
}

test('has a line for each change: who made it, and when', async () => {
  await recordChange(root, { action: 'push', model: 'iris', version: 3, details: { at: new Date(0) } });
  await recordChange(root, { action: 'policy', who: 'key admin' });
  const [push, policy] = await chain();
  expect(push).toMatchObject({
    action: 'push',
    model: 'iris',
    version: 3,
    details: { at: '1970-01-01T00:00:00.000Z' },
  });
  expect(push?.who).toBe(`${userInfo().username}@${hostname()}`);
  expect(Math.abs(Date.now() - Date.parse(push?.at as string))).toBeLessThan(3_600_000);
  expect(policy).toMatchObject({ action: 'policy', who: 'key admin' });
});

test('says that a change stands of which there is no line', async () => {
  await writeFile(join(root, '.audit'), '');
  await expect(recordChange(root, { action: 'promote', model: 'iris', version: 3 })).rejects.toThrow(
    /^'promote iris 3' is done, but the audit log of .* has no line of it: /,
  );
});

test('goes on from no line that somebody has changed', async () => {
  await mkdir(join(root, '.audit/changes'), { recursive: true });
  await writeFile(join(root, '.audit/changes/000000000007.jsonl'), 'nothing');
  await expect(recordChange(root, { action: 'push' })).rejects.toThrow(
    "'.audit/changes/000000000007.jsonl' is no line of the chain",
  );
});

function bucket(): ObjectStore {
  const retries = { attempts: 4, firstPauseMs: 1, longestPauseMs: 5 };
  return new S3ObjectStore(
    new S3Client('models', { retries, silenceMs: 5000, environment: s3.environment }),
    '.audit/',
  );
}

describe('of many that change at once', () => {
  test.each([
    ['a directory', () => new DirectoryObjectStore(join(root, '.audit'))],
    ['a bucket', bucket],
  ] as const)('none loses its line, in %s', async (kind, open) => {
    const logs = Array.from({ length: 8 }, () => new ChangeLog(open()));
    const changes = logs.flatMap((log, who) =>
      [1, 2, 3, 4].map((version) => log.append({ action: 'push', who: String(who), version })),
    );
    await Promise.all(changes);
    const lines =
      kind === 'a bucket'
        ? chainOf([...s3.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { body }]) => body.toString()))
        : await chain();
    const seen = lines.map(({ who, version }) => `${who} ${version}`).sort();
    expect(seen).toEqual(logs.flatMap((_log, who) => [1, 2, 3, 4].map((version) => `${who} ${version}`)));
  });
});

test('over AWS it is the principal whom STS names, whom it asks once', () => {
  // A process of its own, which knows of no identity yet.
  const script = `
    import { createServer } from 'node:http';
    import { whoActs } from ${JSON.stringify(join(import.meta.dirname, '../../../src/adapters/audit/who-acts.ts'))};
    const asked = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.authorization.includes('/us-east-1/sts/aws4_request'));
      response.end('<GetCallerIdentityResult><Arn>arn:aws:iam::1:user/ann</Arn></GetCallerIdentityResult>');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = 'http://127.0.0.1:' + server.address().port;
    const own = { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'us-east-1' };
    const who = (root, more) => whoActs(root, { ...own, ...more });
    const names = [
      await who('s3://models', { AWS_ENDPOINT_URL: url }),
      await who('s3://models', { AWS_ENDPOINT_URL: url }),
      (await who('s3://models', { AWS_ENDPOINT_URL_S3: url })).includes('@'),
      (await who('models', { AWS_ENDPOINT_URL: url })).includes('@'),
    ];
    console.log(JSON.stringify([names, asked]));
    server.close();
    server.closeAllConnections();
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const arn = 'arn:aws:iam::1:user/ann';
  expect(JSON.parse(stdout)).toEqual([[arn, arn, true, true], [true]]);
});
