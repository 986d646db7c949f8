import { describe, expect, test } from '@jest/globals';
import { npy } from '../npy/npy.ts';
import { input, readRecords } from './read-records.ts';
import { valuesOf } from './values-of.ts';

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const pairs = { inputs: [input('X', 'FP32', [2])], kept: [] };
const three = floats(1, 2, 3, 4, 5, 6);

describe('NPY', () => {
  test('gives a record for each row, by shards of rows', async () => {
    const { shards, records } = await readRecords('a.npy', npy('<f4', '3, 2', three), pairs, { shardBytes: 16 });
    expect(shards.map(({ start, end }) => [start, end])).toEqual([
      [0, 2],
      [2, 3],
    ]);
    expect(records.map(({ tensors }) => valuesOf((tensors ?? [])[0] as never))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(records.map(({ number, offset, json }) => [number, offset, json])).toEqual([
      [0, 128, '[1,2]'],
      [1, 136, '[3,4]'],
      [2, 144, '[5,6]'],
    ]);
  });

  test.each([
    [
      'a vector, for an input of one value',
      npy('<i8', '2,', new Uint8Array(BigInt64Array.of(-1n, 2n ** 60n).buffer)),
      input('x', 'INT64'),
      [[-1n], [2n ** 60n]],
    ],
    ['big-endian numbers', npy('>i4', '1, 1', Uint8Array.of(0, 0, 1, 2)), input('x', 'INT32'), [[258]]],
    ['byte strings', npy('|S2', '2, 1', Buffer.from('a\0bc')), input('x', 'BYTES'), [['a'], ['bc']]],
    ['any size where the model takes any', npy('<f4', '1, 3', floats(1, 2, 3)), input('x', 'FP32', [-1]), [[1, 2, 3]]],
  ])('reads %s', async (_name, content, wanted, expected) => {
    const { records } = await readRecords('a.npy', content, { inputs: [wanted], kept: [] });
    expect(records.map(({ tensors }) => valuesOf((tensors ?? [])[0] as never))).toEqual(expected);
  });

  test.each([
    [
      'another type',
      npy('<f8', '1, 2', new Uint8Array(16)),
      "'a.npy': the model's input 'X' takes an array of np.float32, of the shape [rows, 2], got FP64 of the shape [1, 2]",
    ],
    [
      'another shape',
      npy('<f4', '2, 3', three),
      'takes an array of np.float32, of the shape [rows, 2], got FP32 of the shape [2, 3]',
    ],
    ['no rows at all', npy('<f4', '', floats(1)), 'got FP32 of the shape []'],
    [
      'Fortran order',
      npy('<f4', '3, 2', three, 'True'),
      'its rows do not lie together (Fortran order); save np.ascontiguousarray(array)',
    ],
    [
      'objects',
      npy('|O', '1,', new Uint8Array(8)),
      "'a.npy': expected an array of numbers, booleans or strings (<U8, say), got |O",
    ],
    [
      'data that was cut',
      npy('<f4', '4, 2', three),
      "'a.npy': it holds 8 bytes less than its header says; upload it again",
    ],
    ['something else', Buffer.from('id,text\n1,hello\n'), "'a.npy' is no .npy file"],
    [
      'rows past the limit',
      npy('<f4', '1, 5000000', new Uint8Array(4)),
      "'a.npy': a row is 20000000 bytes, more than the 16777216 that a record may have",
    ],
  ])('refuses %s', async (name, content, message) => {
    const shape = name.startsWith('rows past') ? [-1] : [2];
    await expect(readRecords('a.npy', content, { inputs: [input('X', 'FP32', shape)], kept: [] })).rejects.toThrow(
      message,
    );
  });

  test('refuses a model of several inputs', async () => {
    const fields = { inputs: [input('a', 'FP32', [2]), input('b', 'FP32', [2])], kept: [] };
    await expect(readRecords('a.npy', npy('<f4', '3, 2', three), fields)).rejects.toThrow(
      "'a.npy': an .npy file fills one input, and the model has 2; give a .jsonl or .parquet file",
    );
  });

  test('has no records in an empty file, or an array of no rows', async () => {
    expect((await readRecords('a.npy', '', pairs)).records).toEqual([]);
    expect((await readRecords('a.npy', npy('<f4', '0, 2', new Uint8Array(0)), pairs)).records).toEqual([]);
  });
});
