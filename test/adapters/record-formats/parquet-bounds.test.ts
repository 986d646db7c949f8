import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { CompressionCodec, FileMetaData, PageHeader, ParquetType, SchemaElement } from 'hyparquet';
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

interface Column {
  readonly rows?: bigint;
  readonly type?: ParquetType;
  readonly codec?: CompressionCodec;
  readonly schema?: SchemaElement[];
}

/** A file of one column, of whole numbers of 32 bits that may be null, which has one page. */
function ofPage(
  header: Partial<PageHeader>,
  page: readonly number[],
  { rows = 3n, type = 'INT32', codec = 'UNCOMPRESSED', schema }: Column = {},
): Uint8Array {
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
    type,
    encodings: ['PLAIN' as const],
    path_in_schema: schema?.map(({ name }) => name) ?? ['x'],
    codec,
    num_values: rows,
    total_uncompressed_size: bytes,
    total_compressed_size: bytes,
    data_page_offset: 4n,
  };
  const metadata: FileMetaData = {
    version: 2,
    schema: [
      { name: 'root', num_children: 1 },
      ...(schema ?? [{ name: 'x', type, repetition_type: 'OPTIONAL' as const }]),
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

  test('of nulls alone, of which LZ4 makes a byte that stands for none, is read', async () => {
    const header = { ...second('PLAIN').data_page_header_v2, num_nulls: 3, is_compressed: true };
    const sizes = { uncompressed_page_size: 2, compressed_page_size: 3 };
    const content = ofPage({ type: 'DATA_PAGE_V2', data_page_header_v2: header, ...sizes }, [6, 0, 0], {
      codec: 'LZ4_RAW',
    });
    const { records } = await read(content);
    expect(records).toHaveLength(3);
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
    ['no lengths of its levels', { type: 'DATA_PAGE_V2' as const, data_page_header_v2: { num_values: 3 } as never }],
  ])('that tells of %s that there cannot be is refused', async (_what, header) => {
    await expect(read(ofPage(header, page))).rejects.toMatchObject({
      status: 400,
      message: "'a.parquet' is broken, or no Parquet file: a page of it is none, or is cut off",
    });
  });
});

const first = (encoding: 'RLE_DICTIONARY' | 'DELTA_BINARY_PACKED' | 'DELTA_BYTE_ARRAY', values = 3) => ({
  data_page_header: { ...levels, encoding, num_values: values },
});
const second = (encoding: 'RLE_DICTIONARY' | 'PLAIN', values = 3) => ({
  type: 'DATA_PAGE_V2' as const,
  data_page_header_v2: {
    num_values: values,
    num_nulls: 0,
    num_rows: values,
    encoding,
    definition_levels_byte_length: 2,
    repetition_levels_byte_length: 0,
    is_compressed: false,
  },
});
const allThere = [2, 0, 0, 0, 6, 1];
const long = varint(2 ** 31 - 2);
const ofLong = { type: 'INT64' as const };

describe('a page of few bytes', () => {
  test.each<[string, Uint8Array, RegExp]>([
    [
      'a run of places',
      ofPage(first('RLE_DICTIONARY'), [...allThere, 1, ...long, 0]),
      /a run of 1073741823 values, and 3 in all$/,
    ],
    [
      'a run of places, in the second form',
      ofPage(second('RLE_DICTIONARY'), [6, 1, 1, ...long, 0]),
      /a run of 1073741823 values, and 3 in all$/,
    ],
    [
      'a run of levels',
      ofPage({ data_page_header: { ...levels, num_values: 3 } }, [6, 0, 0, 0, ...long, 1]),
      /a run of 1073741823 values, and 3 in all$/,
    ],
    [
      'a run of levels, in the second form',
      ofPage(second('PLAIN'), [...long, 1]),
      /a run of 1073741823 values, and 3 in all$/,
    ],
    [
      'places of no bits, one by one',
      ofPage(second('RLE_DICTIONARY'), [6, 1, 0, ...varint(2 ** 28 + 1), 0]),
      /a run of 1073741824 values, and 3 in all$/,
    ],
    [
      'differences in less than no parts',
      ofPage(first('DELTA_BINARY_PACKED'), [...allThere, 128, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 3, 0, 0, 0, 0]),
      /blocks of 128 differences in -1 parts$/,
    ],
    [
      'a difference of any length',
      ofPage(first('DELTA_BINARY_PACKED'), [...allThere, 128, 1, 4, 3, ...new Array(100_000).fill(0xff), 1], ofLong),
      /a number of more than 10 bytes$/,
    ],
    [
      'Zstandard of more than it says',
      ofPage(
        { data_page_header: { ...levels, num_values: 3 }, uncompressed_page_size: 100 },
        [...zstdCompressSync(new Uint8Array(64 * 1024 ** 2))],
        { codec: 'ZSTD' },
      ),
      /Cannot create a Buffer larger than 100 bytes$/,
    ],
    [
      'a second head of fewer values',
      ofPage({ ...second('PLAIN', 2 ** 30), data_page_header: { ...levels, num_values: 3 } }, [6, 1]),
      /a page of 1073741824 values, more than 16777216/,
    ],
  ])('is refused before it is decoded where it has %s', async (_what, content, message) => {
    const wanted = { inputs: [input('x', 'INT64')], kept: [] };
    await expect(readRecords('a.parquet', content, wanted)).rejects.toThrow(message);
  });

  test('is refused where texts are made of those before them without an end', async () => {
    const values = 1000;
    const deltas = (start: number, difference: number) => [
      ...[128, 1, 4, ...varint(values), ...varint(start * 2)],
      ...new Array(8).fill([...varint(difference * 2), 0, 0, 0, 0]).flat(),
    ];
    // Each has a character of its own, and takes a thousand more from the one before it than that did.
    const page = [...deltas(0, 1000), ...deltas(1, 0), ...new Array(values).fill(97)];
    const schema = [{ name: 'x', type: 'BYTE_ARRAY' as const, repetition_type: 'REQUIRED' as const }];
    const content = ofPage(first('DELTA_BYTE_ARRAY', values), page, {
      rows: BigInt(values),
      type: 'BYTE_ARRAY',
      schema,
    });
    await expect(readRecords('a.parquet', content, { inputs: [input('x', 'BYTES')], kept: [] })).rejects.toMatchObject({
      status: 413,
      message:
        "'a.parquet': row group 0, of 1000 rows, has pages of more than 268435456 bytes in the columns that are needed; write it with smaller row groups",
    });
  });

  test('is refused where it has lists of more rows than there are', async () => {
    const schema: SchemaElement[] = [
      { name: 'x', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', type: 'INT32', repetition_type: 'OPTIONAL' },
    ];
    const values = 10_000_000;
    const run = (value: number) => [5, 0, 0, 0, ...varint(values * 2), value];
    const content = ofPage({ data_page_header: { ...levels, num_values: values } }, [...run(0), ...run(1)], { schema });
    const wanted = { inputs: [input('x', 'INT32', [-1])], kept: [] };
    await expect(readRecords('a.parquet', content, wanted)).rejects.toMatchObject({
      status: 400,
      message: "'a.parquet' is broken, or no Parquet file: pages of a column have more than its 3 rows",
    });
  });
});
