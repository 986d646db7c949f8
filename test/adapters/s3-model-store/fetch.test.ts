import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { modelOf, TemporaryS3Store } from './temporary-s3-store.ts';

const here = new TemporaryS3Store();
const MiB = 1024 * 1024;

describe('fetch', () => {
  test('brings a version with all that lies beside its model, and nothing hidden', async () => {
    const model = modelOf(10);
    here.s3.put('root/a/1/model.onnx', model);
    here.s3.put('root/a/1/deep/er.bin', '12345');
    here.s3.put('root/a/1/empty', '');
    here.s3.put('root/a/1/.prepared/x', 'hidden');
    here.s3.put('root/a/1/folder/', '');
    const files = await here.store.fetch('a', 1);
    expect(files).toMatchObject({ bytes: model.length + 5, operators: [] });
    expect(await readFile(files.path)).toEqual(Buffer.from(model));
    expect((await readdir(files.folder, { recursive: true })).sort()).toEqual([
      '.contents.json',
      'deep',
      'deep/er.bin',
      'empty',
      'model.onnx',
    ]);
    expect(await here.store.readText('a', 1, 'empty')).toBe('');
  });

  test('brings a large object by ranges of one length, side by side', async () => {
    const model = modelOf(9 * MiB);
    here.s3.put('root/a/1/model.onnx', model);
    const { path } = await here.store.fetch('a', 1);
    expect(Buffer.compare(await readFile(path), model)).toBe(0);
    expect(here.s3.count('GET', /model.onnx/)).toBe(3);
    const pinned = here.s3.requests.filter(({ headers }) => headers['if-match']);
    expect(pinned).toHaveLength(4);
  });

  test('is one download for all that ask while it comes, and none after', async () => {
    here.s3.put('root/a/1/model.onnx', modelOf(10));
    await Promise.all([1, 2, 3].map(() => here.store.fetch('a', 1)));
    await here.store.fetch('a', 1);
    expect(here.s3.requests).toHaveLength(3);
    expect(here.s3.count('GET', /model.onnx/)).toBe(1);
  });

  test('takes a version from the disk that another process brought, once it was read through', async () => {
    here.s3.put('root/a/1/model.onnx', modelOf(10));
    await here.store.fetch('a', 1);
    await here.open().fetch('a', 1);
    expect(here.s3.count('GET', /model.onnx/)).toBe(1);
  });

  test.each([
    ['cut short', (path: string) => truncate(path, 10)],
    ['changed', (path: string) => writeFile(path, modelOf(100, 2))],
  ])('brings a version anew that was %s on the disk', async (_how, damage) => {
    const model = modelOf(100);
    here.s3.put('root/a/1/model.onnx', model);
    const { path } = await here.store.fetch('a', 1);
    await damage(path);
    const again = await here.open().fetch('a', 1);
    expect(await readFile(again.path)).toEqual(Buffer.from(model));
    expect(here.s3.count('GET', /model.onnx/)).toBe(2);
  });

  test('brings an object anew whose ETag is no longer what the disk has', async () => {
    here.s3.put('root/a/1/model.onnx', modelOf(100));
    await here.store.fetch('a', 1);
    here.s3.put('root/a/1/model.onnx', modelOf(100, 2));
    here.clock.ms += 30_000;
    await here.store.list();
    const { path } = await here.store.fetch('a', 1);
    expect(await readFile(path)).toEqual(Buffer.from(modelOf(100, 2)));
  });

  test('goes by the last listing, however old, and lists no more for what it names', async () => {
    here.s3.put('root/a/1/model.onnx', modelOf(100));
    await here.store.list();
    here.clock.ms += 3_600_000;
    await here.store.fetch('a', 1);
    expect(here.s3.count('GET', /^$/)).toBe(1);
  });

  test('sees a version that is newer than the listing', async () => {
    here.s3.put('root/a/1/model.onnx', modelOf(10));
    await here.store.list();
    here.s3.put('root/a/2/model.onnx', modelOf(20));
    expect(await here.store.fetch('a', 2)).toMatchObject({ bytes: modelOf(20).length });
  });

  test('refuses what is no model file, by its name', async () => {
    here.s3.put('root/a/1/model.onnx', new Uint8Array([0x3a, 0xff]));
    await expect(here.store.fetch('a', 1)).rejects.toMatchObject({
      status: 400,
      message: "model 'a' version 1: model.onnx is not an ONNX file, or a damaged one (it ends within a field)",
    });
  });

  test.each([
    'root/a/1/../../../out',
    'root/a/1//etc/passwd',
    'root/a/1/deep/../../x',
    'root/a/1/x\\..\\y',
    'root/a/1/a\nb',
  ])('never brings the key %p to the disk', async (key) => {
    here.s3.put('root/a/1/model.onnx', modelOf(10));
    here.s3.put(key, 'x');
    await expect(here.store.fetch('a', 1)).rejects.toMatchObject({ status: 404 });
    expect((await here.store.find('a'))?.problem).toMatch(/has a name that no file may have/);
    expect(await here.cached()).toEqual([]);
  });

  const notNames = ['..', '.', '', '../x', 'a/b', '/etc', '.hidden', 'a\0', 'ä', 'x'.repeat(129)];
  test.each(notNames)('a name %p is not asked for', async (name) => {
    await expect(here.store.fetch(name, 1)).rejects.toMatchObject({ status: 404 });
    await expect(here.store.readText(name, 1, 'labels.txt')).rejects.toMatchObject({ status: 404 });
    expect(await here.store.find(name)).toBeUndefined();
    expect(here.s3.requests).toHaveLength(0);
  });

  test('a folder for the cache is made, for its owner alone', async () => {
    here.s3.put('root/a/1/model.onnx', modelOf(10));
    await here.store.fetch('a', 1);
    expect((await stat(here.inCache())).mode & 0o777).toBe(0o700);
  });
});
