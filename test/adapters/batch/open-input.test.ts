import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openInput } from '../../../src/adapters/batch/open-input.ts';
import { batchManifestSchema } from '../../../src/adapters/batch-manifest/batch-manifest-schema.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import type { RecordInput } from '../../../src/protocol/record-input.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { input } from '../record-formats/read-records.ts';
import { valuesOf } from '../record-formats/values-of.ts';

const settings = { kept: ['id'], mapping: {}, outputs: [], maxFailedRecords: 9 };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'input-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(name: string, content: unknown): Promise<void> {
  const path = join(folder, 'in', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
}

async function open(name: string) {
  const store = new DirectoryObjectStore(join(folder, 'in'));
  const file = await store.find(name);
  if (!file) throw new TypeError('the file was not written');
  return openInput(store, file, new DirectoryObjectStore(join(folder, 'out')), settings);
}

async function records(name: string, inputs: readonly RecordInput[], shardBytes = 1_000_000) {
  const { records: format, file, settings: own } = await open(name);
  const store = new DirectoryObjectStore(join(folder, 'in'));
  const fields = { inputs, kept: own.kept };
  const shards = await format.plan(store, file, shardBytes, fields);
  const found: unknown[] = [];
  for (const shard of shards) {
    for await (const some of format.read(store, file, shard, fields)) {
      for (const record of some) {
        try {
          const { tensors, kept } = record.decode();
          found.push([record.number, kept, ...valuesOf(tensors[0] as never)]);
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          found.push([record.number, error.message, JSON.parse(record.toJson())]);
        }
      }
    }
  }
  return { shards, found };
}

const text = [input('text', 'BYTES')];

describe('a manifest', () => {
  test("lists files, each of which is a record; one that is not there is that record's error", async () => {
    await put('jobs/a.manifest.json', { files: ['b.txt', 'none.txt', 'a b+ü.txt'] });
    await put('jobs/b.txt', 'second');
    await put('jobs/a b+ü.txt', 'third');
    expect((await records('jobs/a.manifest.json', text)).found).toEqual([
      [0, ['"b.txt"'], 'second'],
      [1, "there is no file 'none.txt'", { file: 'none.txt' }],
      [2, ['"a b+ü.txt"'], 'third'],
    ]);
  });

  test('takes all files with a prefix, in order, by shards, and none that come later', async () => {
    await put('a.manifest.json', { prefix: 'texts/' });
    for (const name of ['texts/2.txt', 'texts/1.txt', 'texts/deep/3.txt', 'other.txt']) await put(name, name);
    const first = await records('a.manifest.json', text, 1);
    expect(first.shards).toHaveLength(3);
    await put('texts/0.txt', 'later');
    const again = await records('a.manifest.json', text, 1);
    expect(again).toEqual(first);
    expect(first.found).toEqual([
      [0, ['"texts/1.txt"'], 'texts/1.txt'],
      [1, ['"texts/2.txt"'], 'texts/2.txt'],
      [2, ['"texts/deep/3.txt"'], 'texts/deep/3.txt'],
    ]);
  });

  test('refuses a file that was replaced since the job began, alone', async () => {
    await put('a.manifest.json', { prefix: 'texts/' });
    await put('texts/1.txt', 'one');
    await put('texts/2.txt', 'two');
    await records('a.manifest.json', text);
    await put('texts/1.txt', 'another');
    expect((await records('a.manifest.json', text)).found).toEqual([
      [0, "'texts/1.txt' is another file than when the job began; start a new job", { file: 'texts/1.txt' }],
      [1, ['"texts/2.txt"'], 'two'],
    ]);
  });

  test('has no records where the prefix has no files', async () => {
    await put('a.manifest.json', { prefix: 'none/' });
    expect((await records('a.manifest.json', text)).found).toEqual([]);
  });

  test('refuses a model of several inputs', async () => {
    await put('a.manifest.json', { files: ['x'] });
    await expect(records('a.manifest.json', [...text, ...text])).rejects.toThrow(
      'a file fills one input, and the model has 2; give a file of records (.jsonl, .parquet)',
    );
  });

  test('names a file of records, with the settings of the job', async () => {
    await put('jobs/a.manifest.json', {
      $schema: '../docs/manifest.schema.json',
      file: 'data.csv',
      separator: ';',
      mapping: { x: ['a', 'b'] },
      kept: ['name'],
      outputs: ['y'],
      maxFailedRecords: 0,
    });
    await put('jobs/data.csv', 'name;a;b\nn;1;2\n');
    const { file, format, settings: own } = await open('jobs/a.manifest.json');
    expect({ key: file.key, format }).toEqual({ key: 'jobs/data.csv', format: 'csv' });
    expect(own).toEqual({
      mapping: { x: ['a', 'b'] },
      kept: ['name'],
      outputs: ['y'],
      maxFailedRecords: 0,
      separator: ';',
    });
    expect((await records('jobs/a.manifest.json', [input('x', 'FP32', [2], ['a', 'b'])])).found).toEqual([
      [0, ['"n"'], 1, 2],
    ]);
  });

  test.each([
    ['no JSON', '{', "'a.manifest.json': not JSON"],
    ['an unknown key', { prefx: 'a' }, "'a.manifest.json': unknown key 'prefx'; did you mean 'prefix'?"],
    [
      'an unknown key of decode',
      { prefix: 'a', decode: { kind: 'image', scales: 1 } },
      "'a.manifest.json': 'decode': unknown key 'scales'; did you mean 'scale'?",
    ],
    [
      'an unknown kind',
      { prefix: 'a', decode: { kind: 'video' } },
      '\'decode.kind\': must be equal to one of the allowed values (bytes, image, wav, raw, npy), got "video"',
    ],
    ['a mapping of numbers', { file: 'a.csv', mapping: { x: 3 } }, "'mapping.x': must be string, got 3"],
    [
      'nothing to read',
      { kept: ['id'] },
      "expected one of 'file', 'files' and 'prefix', which say what the records are",
    ],
    ['two things to read', { file: 'a.csv', prefix: 'b' }, "expected one of 'file', 'files' and 'prefix'"],
    ['a way out', { files: ['a', '../b'] }, "'../b' leads out of the manifest's folder"],
    ['a mark as the separator', { file: 'a.csv', separator: '"' }, 'got "\\""'],
    [
      'a separator past ASCII',
      { file: 'a.csv', separator: '§' },
      '\'separator\': expected a character of ASCII that neither quotes a field nor ends a line, got "§"',
    ],
    ['a place of its own', { prefix: '/etc/' }, "'/etc/' leads out of the manifest's folder"],
  ])('with %s is refused', async (_name, manifest, message) => {
    await put('a.manifest.json', manifest);
    await expect(open('a.manifest.json')).rejects.toThrow(message);
  });

  test('that names a file that is not there is refused', async () => {
    await put('a.manifest.json', { file: 'none.csv' });
    await expect(open('a.manifest.json')).rejects.toThrow("there is no file 'none.csv', which 'a.manifest.json' names");
  });

  test('has a published schema', async () => {
    expect(JSON.parse(await readFile('docs/manifest.schema.json', 'utf8'))).toEqual(batchManifestSchema);
  });
});

test('an input of an unknown format is refused, with those there are', async () => {
  await put('a.xlsx', '');
  await expect(open('a.xlsx')).rejects.toThrow(
    "'a.xlsx': expected a name that ends in .jsonl, .csv, .tsv, .npy, .parquet, .jsonl.gz, .csv.gz, .tsv.gz or .manifest.json",
  );
});
