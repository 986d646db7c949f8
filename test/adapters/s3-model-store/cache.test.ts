import { execFileSync } from 'node:child_process';
import { mkdir, open, readFile, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { S3ModelStore } from '../../../src/adapters/s3-model-store/s3-model-store.ts';
import { modelOf, TemporaryS3Store } from './temporary-s3-store.ts';

const here = new TemporaryS3Store();
const model = modelOf(10_000);
const names = ['a', 'b', 'c'];

beforeEach(() => {
  for (const name of names) here.s3.put(`root/${name}/1/model.onnx`, model);
});

async function use(store: S3ModelStore, name: string): Promise<string> {
  const { path, release } = await store.fetch(name, 1);
  release?.();
  // File systems keep times to the millisecond and better, clocks here do not.
  await new Promise((resolve) => setTimeout(resolve, 5));
  return path;
}

async function cachedModels(): Promise<string> {
  return (await here.cached()).map((name) => name.split('-', 1)[0]).join(' ');
}

describe('a cache with room for two', () => {
  const forTwo = { cacheBytes: model.length * 2 };

  test('deletes what was asked for longest ago', async () => {
    const store = here.open(forTwo);
    for (const name of ['a', 'b', 'a', 'c']) await use(store, name);
    expect(await cachedModels()).toBe('a c');
    await use(store, 'b');
    expect(await cachedModels()).toBe('b c');
  });

  test('deletes nothing that was handed out and not released', async () => {
    const store = here.open(forTwo);
    const { path } = await store.fetch('a', 1);
    for (const name of ['b', 'c', 'b']) await use(store, name);
    expect(await readFile(path)).toEqual(Buffer.from(model));
    await store.fetch('b', 1);
    await expect(store.fetch('c', 1)).rejects.toMatchObject({
      status: 503,
      retryAfterSeconds: 10,
      message: expect.stringMatching(
        /^model 'c' version 1: its files are \d+ bytes, and the cache has no room for them: 0 bytes of its budget and \d+ bytes of the disk are free$/,
      ),
    });
  });

  test('a version that is deleted while it is open stays readable for whoever has it open', async () => {
    const store = here.open(forTwo);
    const { path, release } = await store.fetch('a', 1);
    const file = await open(path);
    release?.();
    for (const name of ['b', 'c']) await use(store, name);
    expect(await cachedModels()).toBe('b c');
    expect(await file.readFile()).toEqual(Buffer.from(model));
    await file.close();
  });

  test('a version that comes counts already', async () => {
    const store = here.open(forTwo);
    const fetched = await Promise.allSettled(names.map((name) => store.fetch(name, 1)));
    expect(fetched.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });

  test('leaves alone what another process was handed just now', async () => {
    await use(here.open(forTwo), 'a');
    const store = here.open(forTwo);
    await use(store, 'b');
    await use(store, 'c');
    expect(await cachedModels()).toBe('a c');
  });

  test('takes up, as a new process, with what older ones left', async () => {
    for (const name of ['a', 'b']) await use(here.open(forTwo), name);
    const longAgo = new Date(Date.now() - 60_000);
    for (const name of await here.cached()) await utimes(here.inCache(name), longAgo, longAgo);
    await use(here.open(forTwo), 'c');
    expect(await here.cached()).toHaveLength(2);
  });
});

test('two processes that bring one version at once both have it whole', async () => {
  const stores = [here.open(), here.open(), here.open()];
  const fetched = await Promise.all(stores.map((store) => store.fetch('a', 1)));
  for (const { path } of fetched) expect(await readFile(path)).toEqual(Buffer.from(model));
  expect(await here.cached()).toHaveLength(1);
});

test('what a killed process left is removed; what a living one works on is not', async () => {
  const pid = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
  const left = `.${hostname()}~${pid}~x`;
  const living = `.${hostname()}~${process.ppid}~x`;
  const elsewhere = '.elsewhere~1~x';
  const old = '.elsewhere~2~x';
  for (const name of [left, living, elsewhere, old]) await mkdir(here.inCache(name), { recursive: true });
  await utimes(here.inCache(old), 0, 0);
  await use(here.store, 'a');
  expect((await here.cached()).filter((name) => name.startsWith('.'))).toEqual([elsewhere, living].sort());
});
