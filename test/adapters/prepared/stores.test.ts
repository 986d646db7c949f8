import { mkdir, readdir, readFile, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';
import { preparedKey } from '../../../src/adapters/prepared/prepared-key.ts';
import { unusedManifest } from '../../../src/adapters/prepared/unused-manifest.ts';
import type { ModelStore } from '../../../src/ports/model-store.ts';
import { TemporaryStore } from '../directory-model-store/temporary-store.ts';
import { TemporaryS3Store } from '../s3-model-store/temporary-s3-store.ts';
import { manifest, modelWithWeights, writeForm } from './prepared-form.ts';

const directory = new TemporaryStore();
const bucket = new TemporaryS3Store();
const model = modelWithWeights('w.bin');
const missing = { whyNot: 'no prepared form fits this machine', wasTried: false };

interface Repository {
  open(): ModelStore;
  write(key: string, content: string | Uint8Array): Promise<unknown>;
}
const repositories: [string, Repository][] = [
  [
    'a directory',
    {
      open: () => new DirectoryModelStore(directory.inside()),
      write: (key, content) => directory.write(directory.inside(key), content),
    },
  ],
  ['a bucket', { open: () => bucket.open(), write: async (key, content) => bucket.s3.put(`root/${key}`, content) }],
];

describe.each(repositories)('prepared forms in %s', (_kind, { open, write }) => {
  let scratch: string;
  beforeEach(async () => {
    scratch = directory.outside();
    await mkdir(scratch, { recursive: true });
    await write('a/1/model.onnx', model);
    await write('a/1/w.bin', 'abcd');
  });
  const put = async (more: Parameters<typeof writeForm>[1] = {}) => {
    const store = open();
    await store.putPrepared('a', 1, await store.digest('a', 1), await writeForm(scratch, more));
  };

  test('come back whole, with the operators of what they were made from, and are no part of the version', async () => {
    expect(await open().fetchPrepared('a', 1)).toEqual(missing);
    const digest = await open().digest('a', 1);
    const { bytes } = await open().fetch('a', 1);
    await put();
    const form = await open().fetchPrepared('a', 1);
    const size = modelWithWeights('weights.bin').length + 4 + JSON.stringify(manifest).length;
    expect(form).toMatchObject({ operators: ['Conv'], answer: manifest.answer, bytes: size });
    if (!('path' in form)) throw new Error('there is no form');
    expect(await readFile(join(form.folder, 'weights.bin'), 'utf8')).toBe('abcd');
    expect(await readFile(form.path)).toEqual(Buffer.from(modelWithWeights('weights.bin')));
    expect(await open().digest('a', 1)).toBe(digest);
    expect((await open().fetch('a', 1)).bytes).toBe(bytes);
    expect((await open().find('a'))?.misplaced).toEqual([]);
  });

  test('are replaced by the next, also by a note that none is used', async () => {
    await put();
    await put({ 'weights.bin': 'efgh' });
    const form = await open().fetchPrepared('a', 1);
    if (!('path' in form)) throw new Error('there is no form');
    expect(await readFile(join(form.folder, 'weights.bin'), 'utf8')).toBe('efgh');
    const note = JSON.stringify(unusedManifest('its runs are slower'));
    await put({ 'model.onnx': undefined, 'weights.bin': undefined, 'answer.json': note });
    expect(await open().fetchPrepared('a', 1)).toMatchObject({ wasTried: true });
  });

  test.each(['model.onnx', 'w.bin', 'labels.txt'])('do not fit once %s is another', async (file) => {
    await put();
    await write(`a/1/${file}`, file === 'model.onnx' ? modelWithWeights('weights.data') : 'abcde');
    expect(await open().fetchPrepared('a', 1)).toEqual(missing);
  });

  test('do not fit where another machine made them', async () => {
    const key = preparedKey(await open().digest('a', 1)).replace('1.30.0', '1.29.0');
    for (const file of ['model.onnx', 'weights.bin', 'answer.json']) await write(`a/1/.prepared/${key}/${file}`, 'x');
    expect(await open().fetchPrepared('a', 1)).toEqual(missing);
  });

  test.each([
    ['no JSON', 'nonsense'],
    ['another format', JSON.stringify({ ...manifest, format: 1 })],
    ['no operators', JSON.stringify({ ...manifest, operators: 'Conv' })],
    [
      'a shape that is none',
      JSON.stringify({ ...manifest, answer: { ...manifest.answer, inputs: [{ name: 'x', shape: [-1] }] } }),
    ],
  ])('are refused where their manifest is %s', async (_what, text) => {
    await put({ 'answer.json': text });
    await expect(open().fetchPrepared('a', 1)).rejects.toThrow(
      "model 'a' version 1: the stored answer of its prepared form cannot be read",
    );
  });

  test.each([
    ['names weights outside its folder', { 'model.onnx': modelWithWeights('../../w.bin') }],
    ['names weights that are not there', { 'model.onnx': modelWithWeights('other.bin') }],
    ['lacks its weights', { 'weights.bin': undefined }],
    ['is no model', { 'model.onnx': new Uint8Array([7]) }],
  ])('are refused where one %s', async (_what, more) => {
    await put(more);
    await expect(open().fetchPrepared('a', 1)).rejects.toMatchObject({ status: 400 });
  });

  test('of a version that is not there cannot be had or put', async () => {
    await expect(open().fetchPrepared('a', 2)).rejects.toMatchObject({ status: 404 });
    await expect(open().digest('../a', 1)).rejects.toMatchObject({ status: 404 });
    await expect(open().putPrepared('..', 1, 'digest', await writeForm(scratch))).rejects.toThrow();
  });
});

describe('a prepared form in a directory', () => {
  beforeEach(async () => {
    await directory.write(directory.inside('a/1/model.onnx'), model);
    await directory.write(directory.inside('a/1/w.bin'), 'abcd');
    await mkdir(directory.outside(), { recursive: true });
  });
  const put = async () =>
    directory.store.putPrepared('a', 1, await directory.store.digest('a', 1), await writeForm(directory.outside()));

  test('does not fit once a file has another time, and leaves nothing half-done beside it', async () => {
    await put();
    await put();
    expect(await readdir(directory.inside('a/1/.prepared'))).toHaveLength(1);
    await utimes(directory.inside('a/1/w.bin'), new Date(), new Date(0));
    expect(await directory.store.fetchPrepared('a', 1)).toEqual(missing);
  });

  test('is neither read nor stored through a link that leads out of the repository', async () => {
    await symlink(directory.outside(), directory.inside('a/1/.prepared'));
    await expect(put()).rejects.toMatchObject({ status: 400 });
    const key = preparedKey(await directory.store.digest('a', 1));
    await directory.write(directory.outside(`${key}/answer.json`), JSON.stringify(manifest));
    expect(await directory.store.fetchPrepared('a', 1)).toEqual(missing);
  });
});

describe('a prepared form in a bucket', () => {
  const keyOf = (file: string) =>
    [...bucket.s3.objects.keys()].find((key) => key.includes('.prepared/') && key.endsWith(file));
  beforeEach(async () => {
    bucket.s3.put('root/a/1/model.onnx', model);
    bucket.s3.put('root/a/1/w.bin', 'abcd');
    bucket.s3.put('root/a/1/labels.txt', 'cat\ndog\n');
    await bucket.store.putPrepared('a', 1, await bucket.store.digest('a', 1), await writeForm(bucket.folder));
    bucket.s3.requests = [];
  });

  test('is all that is downloaded: not what it was made from, and of the labels that one object', async () => {
    const store = bucket.open();
    await store.fetchPrepared('a', 1);
    expect(await store.readText('a', 1, 'labels.txt')).toBe('cat\ndog\n');
    expect(await store.readText('a', 1, 'labels.txt')).toBe('cat\ndog\n');
    expect(bucket.s3.count('GET', /^root\/a\/1\/(model.onnx|w.bin)$/)).toBe(0);
    expect(bucket.s3.count('GET', /labels.txt$/)).toBe(1);
    expect(bucket.s3.count('GET', /\.prepared/)).toBe(3);
  });

  test('is taken from the disk the next time, once it was read through', async () => {
    await bucket.open().fetchPrepared('a', 1);
    await bucket.open().fetchPrepared('a', 1);
    expect(bucket.s3.count('GET', /\.prepared/)).toBe(3);
  });

  test('is none while another is being stored, also where that broke off', async () => {
    bucket.s3.fault = ({ method, key }) => (method === 'PUT' && /weights/.test(key) ? { status: 403 } : undefined);
    const store = bucket.open();
    const folder = await writeForm(bucket.folder, { 'weights.bin': 'efgh' });
    await expect(store.putPrepared('a', 1, await store.digest('a', 1), folder)).rejects.toMatchObject({ status: 503 });
    expect(await store.fetchPrepared('a', 1)).toEqual(missing);
  });

  test('that was replaced since the listing is read as it is now', async () => {
    const store = bucket.open();
    await store.list();
    await bucket
      .open()
      .putPrepared('a', 1, await store.digest('a', 1), await writeForm(bucket.folder, { 'weights.bin': 'efgh' }));
    const form = await store.fetchPrepared('a', 1);
    if (!('path' in form)) throw new Error('there is no form');
    expect(await readFile(join(form.folder, 'weights.bin'), 'utf8')).toBe('efgh');
  });

  test('whose bytes are not those of its checksum is never opened', async () => {
    bucket.s3.fault = ({ method, key }) => (method === 'GET' && /weights/.test(key) ? { wrongByte: 1 } : undefined);
    await expect(bucket.open().fetchPrepared('a', 1)).rejects.toMatchObject({ status: 503 });
  });

  test('gives way where its weights are gone', async () => {
    bucket.s3.objects.delete(keyOf('weights.bin') as string);
    await expect(bucket.open().fetchPrepared('a', 1)).rejects.toMatchObject({ status: 400 });
    bucket.s3.objects.delete(keyOf('model.onnx') as string);
    expect(await bucket.open().fetchPrepared('a', 1)).toMatchObject({ wasTried: true });
  });

  test('labels that are another object by now, or are too large, are not mixed up', async () => {
    const store = bucket.open();
    await store.list();
    bucket.s3.put('root/a/1/labels.txt', 'new\n');
    expect(await store.readText('a', 1, 'labels.txt')).toBe('new\n');
    bucket.s3.put('root/a/1/labels.txt', 'x'.repeat(64 * 1024 * 1024 + 1));
    await expect(bucket.open().readText('a', 1, 'labels.txt')).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('it is over 67108864 bytes'),
    });
  });
});
