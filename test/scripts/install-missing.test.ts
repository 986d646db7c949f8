import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const script = resolve('scripts/install-missing.mjs');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'install-missing-'));
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'package-lock.json'), 'the lock');
  await writeFile(join(folder, 'npm'), '#!/bin/sh\necho "npm $1" >&2\n', { mode: 0o755 });
});
afterEach(() => rm(folder, { recursive: true }));

/** What the script writes; npm is one that does nothing but say so. */
function run(): string {
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  return spawnSync(process.execPath, [script], { cwd: folder, env, encoding: 'utf8' }).stderr;
}

/** Sets when a file was written, in seconds; npm's own notes come last of what it installs. */
async function written(file: string, seconds: number): Promise<void> {
  await utimes(join(folder, file), seconds, seconds);
}

test('packages are installed once', async () => {
  expect(run()).toContain('npm ci');
  expect(await readFile(join(folder, 'node_modules/.installed-lock'), 'utf8')).toBe('the lock');
  expect(run()).toBe('');
});

test('packages that npm installed after the lock was written are not installed again', async () => {
  await writeFile(join(folder, 'node_modules/.package-lock.json'), '{}');
  await written('package-lock.json', 1000);
  await written('node_modules/.package-lock.json', 2000);
  expect(run()).toBe('');
});

test('a lock that was written since has its packages installed', async () => {
  expect(run()).toContain('npm ci');
  await writeFile(join(folder, 'node_modules/.package-lock.json'), '{}');
  await writeFile(join(folder, 'package-lock.json'), 'another lock');
  await written('node_modules/.package-lock.json', 1000);
  await written('package-lock.json', 2000);
  expect(run()).toContain('npm ci');
});
