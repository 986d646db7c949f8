import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
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

const env = () => ({ ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` });

/** What the script writes; npm is one that does nothing but say so. */
function run(): string {
  return spawnSync(process.execPath, [script], { cwd: folder, env: env(), encoding: 'utf8' }).stderr;
}

/** The same while others run. */
function runBeside(): Promise<string> {
  const child = spawn(process.execPath, [script], { cwd: folder, env: env(), stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (piece) => {
    told += String(piece);
  });
  return new Promise((resolve) => child.once('close', () => resolve(told)));
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

/** One that removes packages first and takes a while, as npm does, and fails where another is at it. */
const slow = `#!/bin/sh
mkdir busy || exit 9
echo "npm $1" >&2
rm -rf node_modules
sleep 0.4
mkdir node_modules
echo done > node_modules/.package-lock.json
rmdir busy
`;

test('of several at once one installs, and the others wait for it', async () => {
  await writeFile(join(folder, 'npm'), slow, { mode: 0o755 });
  await written('package-lock.json', 1000);
  const told = await Promise.all([runBeside(), runBeside(), runBeside()]);
  expect(told.join('').match(/npm ci\n/g)).toHaveLength(1);
  expect(told.filter((each) => /^waiting for process \d+, which installs packages/.test(each))).toHaveLength(2);
  expect(await readdir(join(folder, '.cache'))).toEqual([]);
  expect(run()).toBe('');
});

test('one that was killed while it installed is not waited for, and what it left is installed anew', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(join(folder, 'npm'), slow, { mode: 0o755 });
  await mkdir(join(folder, '.cache'));
  await writeFile(join(folder, '.cache/installing'), String(pid));
  const told = await Promise.all([runBeside(), runBeside(), runBeside()]);
  expect(told.join('').match(/npm ci\n/g)).toHaveLength(1);
  expect(await readdir(join(folder, '.cache'))).toEqual([]);
});

test('another may install where one could not, and fails too', async () => {
  await writeFile(join(folder, 'npm'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const { status } = spawnSync(process.execPath, [script], { cwd: folder, env: env() });
  expect(status).toBe(3);
  expect(await readdir(join(folder, '.cache'))).toEqual([]);
});
