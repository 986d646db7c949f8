import { describe, expect, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ParquetFile } from '../../../src/adapters/record-formats/parquet-file.ts';
import { input, readRecords } from './read-records.ts';
import { valuesOf } from './values-of.ts';

type Options = Parameters<typeof parquetWriteBuffer>[0];

function parquet(options: Options): Uint8Array {
  return new Uint8Array(parquetWriteBuffer(options));
}

const people = parquet({
  columnData: [
    { name: 'id', data: [2n ** 60n, 2n, 3n, 4n, 5n], type: 'INT64' },
    { name: 'text', data: ['a', 'é', '', 'd', 'e'], type: 'STRING' },
    { name: 'x', data: [1.5, 2.5, null, 1e300, 3.5], type: 'DOUBLE' },
    { name: 'unused', data: [1, 2, 3, 4, 5], type: 'INT32' },
  ],
  rowGroupSize: 2,
});

const list = (name: string, leaf: object): Options['schema'] => [
  { name: 'root', num_children: 1 },
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'OPTIONAL', ...leaf },
];
const vectors = (data: unknown[]) =>
  parquet({ columnData: [{ name: 'X', data }], schema: list('X', { type: 'FLOAT' }) as never });

describe('Parquet', () => {
  test('gives a record for each row, by shards of row groups, with what is kept', async () => {
    const fields = { inputs: [input('text', 'BYTES')], kept: ['id', 'x'] };
    const { shards, records } = await readRecords('a.parquet', people, fields, { shardBytes: 1 });
    expect(shards.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
    expect(records.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
    expect(records.map(({ tensors }) => valuesOf((tensors ?? [])[0] as never)[0])).toEqual(['a', 'é', '', 'd', 'e']);
    expect(records[0]?.kept).toEqual(['1152921504606846976', '1.5']);
    expect(records[2]?.kept).toEqual(['3', 'null']);
  });

  test('keeps moments with each digit of them', async () => {
    const type = { type: 'TIMESTAMP', unit: 'MICROS', isAdjustedToUTC: false };
    const column = { name: 'at', type: 'INT64', repetition_type: 'OPTIONAL', logical_type: type };
    const columnData = [{ name: 'at', data: [1_767_323_045_123_456n, null] }];
    const content = parquet({ columnData, schema: [{ name: 'schema', num_children: 1 }, column] as never });
    const { records } = await readRecords('a.parquet', content, { inputs: [], kept: ['at'] });
    expect(records.map(({ kept }) => kept?.[0])).toEqual(['"2026-01-02T03:04:05.123456Z"', 'null']);
  });

  test('reads a long row group some rows at a time, each once', async () => {
    const count = 70_000;
    const content = parquet({
      columnData: [
        { name: 'id', data: Array.from({ length: count }, (_, id) => id), type: 'INT32' },
        { name: 'x', data: Array.from({ length: count }, (_, id) => `${id}`), type: 'STRING' },
      ],
      rowGroupSize: count,
    });
    const fields = { inputs: [input('x', 'BYTES')], kept: ['id'] };
    const { shards, records } = await readRecords('a.parquet', content, fields);
    expect(shards).toHaveLength(1);
    const wrong = records.filter(({ number, kept, tensors }, place) => {
      const [text] = valuesOf((tensors ?? [])[0] as never);
      return number !== place || kept?.[0] !== `${place}` || text !== `${place}`;
    });
    expect(wrong).toEqual([]);
  });

  test('refuses a row group of more lists than the memory holds, before it is read', async () => {
    const read = async function* (_file: unknown, start = 0, end = content.length) {
      yield content.subarray(start, end);
    };
    const content = vectors([[1, 2]]);
    const file = await ParquetFile.open({ read }, { key: 'a.parquet', bytes: content.length, version: '1' });
    const [group] = file.metadata.row_groups;
    if (!group) throw new TypeError('it has a row group');
    group.num_rows = 10n ** 9n;
    expect(() => file.groupBytes(0, ['X'])).toThrow(
      /^'a\.parquet': row group 0, of 1000000000 rows, has lists that would take about 3814\d\d MiB of memory, more than the \d+ that there are; write it with smaller row groups$/,
    );
  });

  test('joins row groups to shards of about the wanted size', async () => {
    const fields = { inputs: [input('text', 'BYTES')], kept: [] };
    expect((await readRecords('a.parquet', people, fields)).shards).toHaveLength(1);
  });

  test('reads whole numbers exactly, and refuses those out of range, alone', async () => {
    const { records } = await readRecords('a.parquet', people, { inputs: [input('id', 'INT64')], kept: [] });
    expect(valuesOf(records[0]?.tensors?.[0] as never)).toEqual([2n ** 60n]);
    const narrow = await readRecords('a.parquet', people, { inputs: [input('id', 'UINT8')], kept: [] });
    expect(narrow.records[0]?.error).toBe(
      "column 'id', which fills the model's input 'id' (UINT8): expected a whole number from 0 to 255, got 1152921504606846976",
    );
    expect(narrow.records[1]?.error).toBeUndefined();
  });

  test('refuses nulls and numbers that are too large, each alone, and shows the record', async () => {
    const { records } = await readRecords('a.parquet', people, { inputs: [input('x', 'FP32')], kept: ['id'] });
    expect(records.map(({ error }) => error)).toEqual([
      undefined,
      undefined,
      "column 'x', which fills the model's input 'x' (FP32): expected a value, got null",
      "column 'x', which fills the model's input 'x' (FP32): expected a number in FP32's range, got 1e+300",
      undefined,
    ]);
    expect(records[2]?.json).toBe('{"id":3,"x":null}');
  });

  test('refuses a kept value that is no text, alone, and keeps one with a byte-order mark as it is', async () => {
    const content = parquet({
      columnData: [
        { name: 'id', data: [new Uint8Array([0xff]), new TextEncoder().encode('\ufeffb')], type: 'BYTE_ARRAY' },
        { name: 'x', data: ['a', 'b'], type: 'STRING' },
      ],
    });
    const { records } = await readRecords('a.parquet', content, { inputs: [input('x', 'BYTES')], kept: ['id'] });
    expect(records.map(({ error, kept }) => error ?? kept)).toEqual([
      "column 'id', which is kept, has bytes that are no UTF-8; keep others (--keep <field>)",
      ['"\ufeffb"'],
    ]);
  });

  test('fills vectors from lists, and from several columns', async () => {
    const { records } = await readRecords(
      'a.parquet',
      vectors([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]),
      {
        inputs: [input('X', 'FP32', [2, 2])],
        kept: [],
      },
    );
    expect(records[1]?.tensors?.[0]?.shape).toEqual([2, 2]);
    expect(valuesOf(records[1]?.tensors?.[0] as never)).toEqual([5, 6, 7, 8]);
    const both = await readRecords('a.parquet', people, {
      inputs: [input('v', 'FP64', [2], ['x', 'unused'])],
      kept: [],
    });
    expect(valuesOf(both.records[1]?.tensors?.[0] as never)).toEqual([2.5, 2]);
  });

  test.each([
    [[[1, 2, 3]], "column 'X': the model's input 'X' takes the shape [2], got [3]"],
    [[[1, null]], "column 'X', which fills the model's input 'X' (FP32): expected a value, got null"],
    [[null], "column 'X', which fills the model's input 'X' (FP32): expected a value, got null"],
  ])('refuses the list %j', async (data, message) => {
    const { records } = await readRecords('a.parquet', vectors(data), { inputs: [input('X', 'FP32', [2])], kept: [] });
    expect(records[0]?.error).toBe(message);
  });

  test('takes lists of any length where the model does', async () => {
    const fields = { inputs: [input('X', 'FP32', [-1])], kept: [] };
    const { records } = await readRecords('a.parquet', vectors([[1, 2, 3], [], [4]]), fields);
    expect(records.map(({ tensors }) => tensors?.[0]?.shape)).toEqual([[3], [0], [1]]);
  });

  test.each([
    [
      'a missing column',
      [input('y', 'FP32')],
      "'a.parquet': no column 'y' for the model's input 'y' (FP32); the columns are 'id', 'text', 'x', 'unused'; say which fills it: --map y=<column>",
    ],
    [
      'text for numbers',
      [input('text', 'FP32')],
      "'a.parquet': column 'text' is BYTE_ARRAY (UTF8), and the model's input 'text' takes FP32, the shape [1]",
    ],
    ['floats for whole numbers', [input('x', 'INT64')], "column 'x' is DOUBLE, and the model's input 'x' takes INT64"],
    ['numbers for text', [input('id', 'BYTES')], "column 'id' is INT64, and the model's input 'id' takes BYTES"],
  ])('refuses %s', async (_name, inputs, message) => {
    await expect(readRecords('a.parquet', people, { inputs, kept: [] })).rejects.toThrow(message);
  });

  test.each([
    ['something else', Buffer.from('id,text\n1,hello\n')],
    ['a few bytes', Buffer.from('PAR1')],
    ['a file that was cut', people.subarray(0, -20)],
    [
      'a footer that was overwritten',
      Buffer.concat([people.subarray(0, -40), Buffer.alloc(32, 255), people.subarray(-8)]),
    ],
    ['pages that were overwritten', Buffer.concat([people.subarray(0, 4), Buffer.alloc(60, 255), people.subarray(64)])],
  ])('refuses %s', async (_name, content) => {
    await expect(readRecords('a.parquet', content, { inputs: [input('text', 'BYTES')], kept: [] })).rejects.toThrow(
      "'a.parquet' is broken, or no Parquet file",
    );
  });

  test('has no records in an empty file', async () => {
    expect((await readRecords('a.parquet', '', { inputs: [input('x', 'FP32')], kept: [] })).records).toEqual([]);
  });
});
