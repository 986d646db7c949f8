import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { modelDigest } from '../../../src/adapters/batch/model-digest.ts';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tensorgate-digest-'));
  await cp('models/iris', join(root, 'iris'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const digest = () => modelDigest(new DirectoryModelStore(root), 'iris', 1);

test('is what sha256sum makes of what it says of the files, whenever they were written', async () => {
  const folder = join(root, 'iris/1');
  await writeFile(join(folder, 'labels.txt'), 'a\nb\n');
  const names = (await readdir(folder)).sort();
  const lines = await Promise.all(
    names.map(async (name) => `${sha256(await readFile(join(folder, name)))}  ${name}\n`),
  );
  expect(names.length).toBeGreaterThan(1);
  expect(await digest()).toBe(sha256(lines.join('')));
});

test('is another where a file is another; what is hidden does not count', async () => {
  const before = await digest();
  await mkdir(join(root, 'iris/1/.prepared'));
  await writeFile(join(root, 'iris/1/.prepared/x'), 'x');
  expect(await digest()).toBe(before);
  await writeFile(join(root, 'iris/1/labels.txt'), 'a\n');
  expect(await digest()).not.toBe(before);
});
