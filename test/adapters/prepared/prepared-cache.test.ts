import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';
import { keepPreparedHere } from '../../../src/adapters/prepared/keep-prepared-here.ts';
import { PreparedCache } from '../../../src/adapters/prepared/prepared-cache.ts';
import { modelWithWeights, writeForm } from './prepared-form.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'tensorgate-cache-'));
});
afterEach(() => rm(base, { recursive: true }));

const inCache = (name = '') => join(base, 'cache', name);
const cached = async () => (await readdir(inCache()).catch(() => [])).sort();

test('a form is found by its key alone, and replaced by the next with that key', async () => {
  const cache = new PreparedCache(inCache(), 1e6);
  expect(await cache.find('a-1-k')).toBeUndefined();
  await cache.put('a-1-k', await writeForm(base));
  await cache.put('a-1-k-7', await writeForm(base));
  await cache.put('a-1-k', await writeForm(base, { 'weights.bin': 'longer' }));
  const found = await cache.find('a-1-k');
  expect(await readFile(join(found?.folder ?? '', 'weights.bin'), 'utf8')).toBe('longer');
  expect(await cached()).toHaveLength(2);
});

test('the form used longest ago goes first, never one that is held, and what a killed process left', async () => {
  const cache = new PreparedCache(inCache(), 1500);
  for (const key of ['a', 'b', 'c']) {
    await cache.put(key, await writeForm(base, { 'weights.bin': 'x'.repeat(200) }));
    await cache.find(key).then((found) => found?.release());
  }
  const left = `.${hostname()}~4194304~left`;
  await mkdir(inCache(left));
  const held = await cache.find('a');
  for (const name of await cached()) {
    const ago = new Date(Date.now() - (name.startsWith('b-') ? 60_000 : 120_000));
    if (!name.startsWith('.')) await utimes(inCache(name), ago, ago);
  }
  await cache.put('d', await writeForm(base, { 'weights.bin': 'x'.repeat(200) }));
  expect((await cached()).map((name) => name[0])).toEqual(['a', 'b', 'd']);
  held?.release();
  await expect(cache.put('e', await writeForm(base, { 'weights.bin': 'x'.repeat(2000) }))).rejects.toMatchObject({
    status: 507,
  });
});

test('a store with such a cache finds forms there, and puts none into the repository', async () => {
  const at = (root: string) => {
    const models = join(base, root);
    return keepPreparedHere(new DirectoryModelStore(models), models, new PreparedCache(inCache(), 1e6));
  };
  for (const root of ['models', 'others']) {
    await mkdir(join(base, root, 'a/1'), { recursive: true });
    await writeFile(join(base, root, 'a/1/model.onnx'), modelWithWeights('w.bin'));
    await writeFile(join(base, root, 'a/1/w.bin'), 'abcd');
    for (const file of ['model.onnx', 'w.bin']) await utimes(join(base, root, 'a/1', file), 1, 1);
  }
  const store = at('models');
  await store.putPrepared('a', 1, await store.digest('a', 1), await writeForm(base));
  expect(await store.fetchPrepared('a', 1)).toMatchObject({ operators: ['Conv'] });
  expect(await readdir(join(base, 'models/a/1'))).toEqual(['model.onnx', 'w.bin']);
  expect(await at('others').fetchPrepared('a', 1)).toMatchObject({ wasTried: false });
  const [name = ''] = await cached();
  await writeFile(inCache(`${name}/model.onnx`), 'damaged');
  await expect(store.fetchPrepared('a', 1)).rejects.toMatchObject({ status: 400 });
});
