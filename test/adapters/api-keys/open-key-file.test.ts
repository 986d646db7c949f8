import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { changePolicies } from '../../../src/adapters/api-keys/change-policies.ts';
import { editKeys } from '../../../src/adapters/api-keys/edit-keys.ts';
import { openKeyFile } from '../../../src/adapters/api-keys/open-key-file.ts';
import { policiesFile } from '../../../src/adapters/api-keys/policies-file.ts';
import { FakeS3 } from '../../fakes/fake-s3.ts';

// The audit log of a repository is opened once.
const s3 = new FakeS3(true);
const before = { ...process.env };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-policies-'));
  Object.assign(process.env, s3.environment);
});
afterEach(async () => {
  process.env = { ...before };
  await rm(folder, { recursive: true });
});

const entry = (name: string) => ({ name, sha256: '0'.repeat(64) });

describe.each([
  ['a directory', () => folder],
  ['a bucket', () => 's3://models/root'],
])('the policies of a model repository that is %s', (_kind, rootOf) => {
  const uri = () => policiesFile.of(rootOf());
  const names = async () => {
    const text = await openKeyFile(uri()).read();
    return text === undefined ? undefined : JSON.parse(text).keys.map(({ name }: { name: string }) => name);
  };

  test('are none before the first, and belong to their repository', async () => {
    expect(await names()).toBeUndefined();
    await changePolicies.add(uri(), entry('a'));
    expect([await names(), policiesFile.rootOf(uri())]).toEqual([['a'], rootOf()]);
  });

  test('lose no change of those who make one at once', async () => {
    const wanted = Array.from({ length: 8 }, (_, i) => `k${i}`);
    await Promise.all(wanted.map((name) => editKeys(uri(), (keys) => [...keys, entry(name)])));
    expect((await names()).sort()).toEqual(wanted);
  });

  test('stay as they are where a change would break them', async () => {
    await changePolicies.add(uri(), entry('a'));
    await expect(editKeys(uri(), (keys) => [...keys, entry('a')])).rejects.toThrow("there are several keys 'a'");
    await expect(changePolicies.add(uri(), entry('a'))).rejects.toThrow("has a key 'a' already");
    expect(await names()).toEqual(['a']);
  });
});

test('a bucket that does not answer is told of with the file', async () => {
  s3.fault = () => ({ status: 403, code: 'AccessDenied' });
  await expect(openKeyFile('s3://models/.access/policies.json').read()).rejects.toThrow(
    "'s3://models/.access/policies.json' cannot be read from S3: access is denied",
  );
});

test('nothing is left beside a file of keys but its lock', async () => {
  await editKeys(join(folder, 'keys.json'), () => [entry('a')]);
  expect((await readdir(folder)).sort()).toEqual(['.keys.json.lock', 'keys.json']);
});
