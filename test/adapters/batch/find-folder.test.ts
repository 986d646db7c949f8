import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findFolder } from '../../../src/adapters/batch/find-folder.ts';
import { openFolder } from '../../../src/adapters/batch/open-folder.ts';
import { openInput } from '../../../src/adapters/batch/open-input.ts';
import type { StoredFile } from '../../../src/ports/object-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-folder-'));
  await mkdir(join(folder, 'texts/more'), { recursive: true });
  for (const name of ['b', 'more/c', 'a']) await writeFile(join(folder, 'texts', name), `text ${name}`);
});
afterEach(() => rm(folder, { recursive: true }));

test('the files of a folder are a record each, in the order of their names', async () => {
  const store = openFolder(folder);
  const file = (await findFolder(store, 'texts')) as StoredFile;
  expect(file).toMatchObject({ key: 'texts/', bytes: 23 });
  const usual = { kept: ['id'], mapping: {}, outputs: [], maxFailedRecords: 10 };
  const { records, settings, isDecoded } = await openInput(store, file, openFolder(join(folder, 'out')), usual);
  expect({ settings, isDecoded }).toEqual({ settings: { ...usual, kept: ['file'] }, isDecoded: false });
  const inputs = [{ name: 'x', datatype: 'BYTES', shape: [], fields: ['x'] }] as const;
  const fields = { inputs, kept: ['file'] };
  const read: unknown[] = [];
  for (const shard of await records.plan(store, file, 1000, fields)) {
    for await (const some of records.read(store, file, shard, fields)) read.push(...some.map((one) => one.decode()));
  }
  const expected = ['a', 'b', 'more/c'].map((name) => ({
    tensors: [{ data: [Buffer.from(`text ${name}`)] }],
    kept: [JSON.stringify(name)],
  }));
  expect(read).toMatchObject(expected);
});

test('a folder is another where its files are, and none without files', async () => {
  const store = openFolder(folder);
  const before = await findFolder(store, 'texts');
  expect(await findFolder(store, 'texts')).toEqual(before);
  await writeFile(join(folder, 'texts/d'), '');
  expect((await findFolder(store, 'texts'))?.version).not.toBe(before?.version);
  expect(await findFolder(store, 'text')).toBeUndefined();
});
