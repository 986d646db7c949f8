import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { gunzipPieces } from '../../../src/adapters/record-formats/gunzip-pieces.ts';
import { input, readRecords } from './read-records.ts';
import { valuesOf } from './values-of.ts';

const fields = { inputs: [input('x', 'INT32')], kept: [] };

describe('gzip', () => {
  test.each([
    ['a.csv.gz', 'x\n', (number: number) => `${number}\n`],
    ['a.jsonl.gz', '', (number: number) => `{"x":${number}}\n`],
    ['A.JSONL.GZ', '', (number: number) => `{"x":${number}}\n`],
  ])('reads %s by shards of the text', async (name, head, line) => {
    const lines = Array.from({ length: 5000 }, (_, number) => line(number));
    const content = gzipSync(head + lines.join(''));
    const { shards, records } = await readRecords(name, content, fields, { shardBytes: 4096 });
    expect(shards.length).toBeGreaterThan(3);
    expect(records.map(({ tensors }) => valuesOf((tensors ?? [])[0] as never)[0])).toEqual(lines.map((_, n) => n));
    expect(records[2]?.offset).toBe((head + line(0) + line(1)).length);
  });

  test('reads several members, one after the other', async () => {
    const content = Buffer.concat([gzipSync('{"x":1}\n'), gzipSync('{"x":2}\n')]);
    const { records } = await readRecords('a.jsonl.gz', content, fields);
    expect(records).toHaveLength(2);
  });

  test.each([
    ['cut short', gzipSync('{"x":1}\n').subarray(0, 15), "'a.jsonl.gz' ends too early: compress and upload it again"],
    ['something else', Buffer.from('{"x":1}\n'), "'a.jsonl.gz' is broken, or no gzip: compress and upload it again"],
  ])('refuses a file that is %s', async (_name, content, message) => {
    await expect(readRecords('a.jsonl.gz', content, fields)).rejects.toThrow(message);
  });

  test('has no records in an empty file', async () => {
    expect((await readRecords('a.jsonl.gz', '', fields)).records).toEqual([]);
  });

  test('stops at the most bytes that a file may hold', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const pieces = async function* () {
      yield bomb;
    };
    let bytes = 0;
    const reading = (async () => {
      for await (const piece of gunzipPieces('a.csv.gz', pieces(), 1_000_000)) bytes += piece.length;
    })();
    await expect(reading).rejects.toThrow("'a.csv.gz': decompressed it is more than 1000000 bytes");
    expect(bytes).toBeLessThanOrEqual(1_000_000);
  });

  test('refuses binary forms under gzip, with what there is', async () => {
    await expect(readRecords('a.npy.gz', '', fields)).rejects.toThrow(
      "'a.npy.gz': expected a name that ends in .jsonl, .csv, .tsv, .npy",
    );
  });
});
