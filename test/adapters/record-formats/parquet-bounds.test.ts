import { describe, expect, test } from '@jest/globals';
import type { FileMetaData, PageHeader } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { ParquetFile } from '../../../src/adapters/record-formats/parquet-file.ts';
import { input, readRecords } from './read-records.ts';
import { valuesOf } from './values-of.ts';

const magic = [0x50, 0x41, 0x52, 0x31];

/** A file of nothing but a footer. */
function withFooter(thrift: readonly number[]): Uint8Array {
  const length = new Uint8Array(new Uint32Array([thrift.length]).buffer);
  return Uint8Array.from([thrift, [...length], magic].flat());
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
}

async function refusal(content: Uint8Array): Promise<string> {
  const read = async function* (_file: unknown, start = 0, end = content.length) {
    yield content.subarray(start, end);
  };
  const file = { key: 'a.parquet', bytes: content.length, version: '1' };
  const error = await ParquetFile.open({ read }, file).then(() => undefined, String);
  return error ?? 'nothing';
}

const begin = [0x15, 0x02, 0x19];

describe('a footer', () => {
  test('of lists that are longer than it is takes no memory', async () => {
    const lists = [0xf9, ...varint(30_000_000)];
    const before = process.memoryUsage().rss;
    expect(await refusal(withFooter([...begin, ...lists, ...lists]))).toMatch(
      /'a\.parquet' is broken, or no Parquet file: it has a list of 30000000, and 5 bytes for it$/,
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 ** 2);
  });

  test.each([
    [
      'with more structs than any has',
      () => [...begin, 0xfc, ...varint(600_000), ...new Array(600_000).fill(0), 0],
      /more than 500000 structs/,
    ],
    [
      'with a struct of many fields',
      () => [...begin, 0x0c, 0x1c, ...new Array(1000).fill(0x11), 0, 0],
      /a struct of more than 128 fields/,
    ],
    ['with structs in one another', () => new Array(1000).fill(0x1c), /in more than 32 levels/],
    ['with lists in one another', () => [...begin, ...new Array(1000).fill(0x19)], /in more than 32 levels/],
    ['with a number without an end', () => [0x16, ...new Array(1000).fill(0x80), 0], /a number of more than 10 bytes/],
    ['with a text that it has not', () => [0x18, ...varint(1000), 0], /ends too early/],
    ['with a map', () => [0x1b, 0], /a value of the type 11/],
  ])('%s is refused before it is read', async (_what, thrift, message) => {
    expect(await refusal(withFooter(thrift()))).toMatch(message);
  });

  test('of more than four MiB is refused, with what to do', async () => {
    expect(await refusal(withFooter(new Array(5 * 1024 ** 2).fill(0)))).toMatch(
      /^ServiceError: 'a\.parquet': its footer has 5242880 bytes, more than the 4194304 that are read; write it with fewer, larger row groups, or in several files$/,
    );
  });

  test('with columns in one another without an end is refused', async () => {
    const group = { name: 'a', num_children: 1 } as const;
    const writer = new ByteWriter();
    const schema = [...new Array(5000).fill(group), { name: 'x', type: 'INT32' }];
    writeMetadata(writer, { version: 2, schema, num_rows: 0n, row_groups: [], metadata_length: 0 });
    // The writer adds its length.
    expect(await refusal(Uint8Array.from([...writer.getBytes(), ...magic]))).toMatch(/columns in more than 64 levels/);
  });

  test('of many columns and row groups is read', async () => {
    const names = Array.from({ length: 40 }, (_, place) => `column${place}`);
    const columnData = names.map((name) => ({ name, data: [1, 2, 3, 4, 5, 6, 7, 8], type: 'INT32' as const }));
    const content = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 1 }));
    expect(await refusal(content)).toBe('nothing');
  });
});

/** A file of one column of whole numbers, which has one page. */
function ofPage(header: Partial<PageHeader>, page: readonly number[], rows = 3n): Uint8Array {
  const writer = new ByteWriter();
  for (const byte of magic) writer.appendUint8(byte);
  writePageHeader(writer, {
    type: 'DATA_PAGE',
    uncompressed_page_size: page.length,
    compressed_page_size: page.length,
    ...header,
  });
  for (const byte of page) writer.appendUint8(byte);
  const bytes = BigInt(writer.offset - magic.length);
  const meta_data = {
    type: 'INT32' as const,
    encodings: ['PLAIN' as const],
    path_in_schema: ['x'],
    codec: 'UNCOMPRESSED' as const,
    num_values: rows,
    total_uncompressed_size: bytes,
    total_compressed_size: bytes,
    data_page_offset: 4n,
  };
  const metadata: FileMetaData = {
    version: 2,
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'x', type: 'INT32', repetition_type: 'OPTIONAL' },
    ],
    num_rows: rows,
    row_groups: [{ columns: [{ file_offset: 4n, meta_data }], total_byte_size: bytes, num_rows: rows }],
    metadata_length: 0,
  };
  writeMetadata(writer, metadata);
  return Uint8Array.from([...writer.getBytes(), ...magic]);
}

const levels = { encoding: 'PLAIN', definition_level_encoding: 'RLE', repetition_level_encoding: 'RLE' } as const;
// All of them are there: a run of ones, in two bytes, by a length of four.
const page = [2, 0, 0, 0, 6, 1, ...new Uint8Array(new Int32Array([7, 8, 9]).buffer)];
const read = (content: Uint8Array) => readRecords('a.parquet', content, { inputs: [input('x', 'INT32')], kept: [] });

describe('a page', () => {
  test('is read where it is what its header says', async () => {
    const { records } = await read(ofPage({ data_page_header: { ...levels, num_values: 3 } }, page));
    expect(records.map(({ tensors }) => valuesOf((tensors ?? [])[0] as never)[0])).toEqual([7, 8, 9]);
  });

  test('of more values than a row group may have is refused before it is decoded', async () => {
    const content = ofPage({ data_page_header: { ...levels, num_values: 2 ** 30 } }, page);
    await expect(read(content)).rejects.toMatchObject({
      status: 413,
      message:
        "'a.parquet': row group 0, of 3 rows, has a page of 1073741824 values, more than 16777216; write it with smaller row groups",
    });
  });

  test('that comes to more than the footer says of all is refused before it is decompressed', async () => {
    const header = { uncompressed_page_size: 2 ** 31 - 1, data_page_header: { ...levels, num_values: 3 } };
    await expect(read(ofPage(header, page))).rejects.toMatchObject({
      status: 413,
      message:
        "'a.parquet': row group 0, of 3 rows, has pages of more than 268435456 bytes in the columns that are needed; write it with smaller row groups",
    });
  });

  test.each([
    ['values', { data_page_header: { ...levels, num_values: -1 } }],
    ['bytes', { compressed_page_size: 1000, data_page_header: { ...levels, num_values: 3 } }],
  ])('that tells of %s that there cannot be is refused', async (_what, header) => {
    await expect(read(ofPage(header, page))).rejects.toMatchObject({
      status: 400,
      message: "'a.parquet' is broken, or no Parquet file: a page of it is none, or is cut off",
    });
  });
});
