import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';
import { BackgroundPreparer } from '../../../src/adapters/prepared/background-preparer.ts';
import { keepPreparedHere } from '../../../src/adapters/prepared/keep-prepared-here.ts';
import { PreparedCache } from '../../../src/adapters/prepared/prepared-cache.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { foldableModel, identityModel } from '../models.ts';

// It is prepared at the lowest priority, which leaves it little of a busy machine.
jest.setTimeout(300_000);

let base: string;
let lines: [string, object][];
let preparer: BackgroundPreparer;
const models = () => join(base, 'models');
const cacheFolder = () => join(base, 'cache');
const leftInCache = () => readdir(cacheFolder()).catch(() => []);
const store = () =>
  keepPreparedHere(new DirectoryModelStore(models()), models(), new PreparedCache(cacheFolder(), 1e9));
const stored = { form: 'stored', whyPlain: 'none', bytes: 1000 } as const;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'tensorgate-background-'));
  for (const [name, graph] of [
    ['folded', foldableModel()],
    ['other', identityModel('FP32')],
  ] as const) {
    await mkdir(join(models(), name, '1'), { recursive: true });
    await writeFile(join(models(), name, '1/model.onnx'), buildOnnx(graph));
  }
  lines = [];
  const keep = (fields: object, message: string) => lines.push([message, fields]);
  preparer = new BackgroundPreparer({
    models: models(),
    cacheFolder: cacheFolder(),
    cacheBytes: 1e9,
    quietMs: 10,
    leastBytes: 1000,
    log: { info: keep, warn: keep, error: keep },
  });
});
afterEach(async () => {
  await preparer.close();
  await rm(base, { recursive: true });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(20);
}

test('what was loaded as it was stored is prepared in the cache, one after the other, once the server has started', async () => {
  preparer.loaded({ name: 'folded', version: 1 }, stored);
  preparer.loaded({ name: 'gone', version: 3 }, { ...stored, form: 'refused' });
  await setTimeout(100);
  expect(await leftInCache()).toEqual([]);
  preparer.start();
  await until(() => lines.length === 2);
  expect(lines).toEqual([
    ['a version was prepared; the next start uses that form', { model: 'folded', version: 1 }],
    [
      'a version could not be prepared',
      { model: 'gone', version: 3, reason: "there is no model 'gone' version 3 in the store" },
    ],
  ]);
  expect(await store().fetchPrepared('folded', 1)).toMatchObject({ operators: ['Add'] });
  expect(await leftInCache()).toHaveLength(1);
  expect(await readdir(join(models(), 'folded/1'))).toEqual(['model.onnx']);
});

test('what is small, prepared already or known to win nothing is left alone', async () => {
  preparer.start();
  preparer.loaded({ name: 'other', version: 1 }, { ...stored, bytes: 999 });
  preparer.loaded({ name: 'other', version: 1 }, { ...stored, form: 'prepared' });
  preparer.loaded({ name: 'other', version: 1 }, { ...stored, form: 'unfit' });
  preparer.loaded({ name: 'other', version: 1 }, { ...stored, bytes: 1e15 });
  await setTimeout(200);
  expect(await leftInCache()).toEqual([]);
});

test('to close ends what is under way and leaves nothing of it', async () => {
  preparer.loaded({ name: 'folded', version: 1 }, stored);
  preparer.start();
  await until(async () => (await leftInCache()).length > 0);
  await preparer.close();
  expect(await leftInCache()).toEqual([]);
  expect(lines).toEqual([]);
  preparer.loaded({ name: 'folded', version: 1 }, stored);
  await setTimeout(100);
  expect(await leftInCache()).toEqual([]);
});
