import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type ParquetParsers, parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { ParquetParts } from '../../../src/adapters/record-formats/parquet-parts.ts';
import type { AnsweredRecord, Part } from '../../../src/ports/part-writer.ts';
import type { OutputTensor } from '../../../src/protocol/inference.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';

const source = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'id', data: [1n], type: 'INT64' },
      { name: 'name', data: ['a'], type: 'STRING' },
      { name: 'x', data: [1.5], type: 'DOUBLE' },
      { name: 'at', data: [new Date(0)], type: 'TIMESTAMP' },
    ],
  }),
);

const words = { MICROS: 'Microseconds', NANOS: 'Nanoseconds' };

/** A file of one value. */
function parquet(column: SchemaElement, value: unknown): typeof source {
  const schema: SchemaElement[] = [{ name: 'schema', num_children: 1 }, column];
  return new Uint8Array(parquetWriteBuffer({ columnData: [{ name: column.name, data: [value] }], schema }));
}

async function begin(kept: readonly string[], outputs: readonly TensorSpec[], content = source): Promise<Part> {
  const folder = await mkdtemp(join(tmpdir(), 'parts-'));
  await writeFile(join(folder, 'in.parquet'), content);
  const store = new DirectoryObjectStore(folder);
  const file = await store.find('in.parquet');
  if (!file) throw new TypeError('the file was not written');
  return new ParquetParts(kept, outputs).begin(store, file).finally(() => rm(folder, { recursive: true }));
}

function read(pieces: readonly Uint8Array[], parsers: Partial<ParquetParsers> = {}) {
  const bytes = Uint8Array.from(Buffer.concat(pieces)).buffer;
  const file = { byteLength: bytes.byteLength, slice: (start: number, end?: number) => bytes.slice(start, end) };
  return { metadata: parquetMetadata(bytes), rows: parquetReadObjects({ file, parsers }) };
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const scores: TensorSpec = { name: 'scores', datatype: 'FP32', shape: [-1, 2] };
const answer = (
  number: number,
  outputs: readonly OutputTensor[],
  kept: (string | undefined)[] = [],
): AnsweredRecord => ({
  number,
  kept,
  outputs,
  row: 0,
  rows: 1,
});

describe('ParquetParts', () => {
  test('writes what is kept with its type, and outputs as values and lists', async () => {
    const label: TensorSpec = { name: 'label', datatype: 'BYTES', shape: [-1] };
    const part = await begin(['id', 'name', 'x', 'at', 'none'], [label, scores]);
    part.add(
      answer(
        0,
        [
          { name: 'label', datatype: 'BYTES', shape: [1], data: [new TextEncoder().encode('é')] },
          { name: 'scores', datatype: 'FP32', shape: [1, 2], data: floats(0.5, Number.NaN) },
        ],
        ['1152921504606846977', '"a\\"b"', '"NaN"', '"1970-01-01T00:00:00.000Z"', undefined],
      ),
    );
    part.add(
      answer(
        1,
        [
          { name: 'label', datatype: 'BYTES', shape: [1], data: [new TextEncoder().encode('b')] },
          { name: 'scores', datatype: 'FP32', shape: [1, 2], data: floats(1, 2) },
        ],
        ['null', undefined, '2', 'null', undefined],
      ),
    );
    const { rows } = read([...part.take(), ...part.end()]);
    expect(await rows).toEqual([
      {
        id: 1152921504606846977n,
        name: 'a"b',
        x: Number.NaN,
        at: new Date(0),
        label: 'é',
        scores: [0.5, Number.NaN],
      },
      { id: null, name: null, x: 2, at: null, label: 'b', scores: [1, 2] },
    ]);
  });

  test.each([
    ['MICROS', '2026-01-02T03:04:05.123456Z', 1_767_323_045_123_456n],
    ['NANOS', '2026-01-02T03:04:05.000000001Z', 1_767_323_045_000_000_001n],
  ] as const)('keeps moments in %s, each digit of them', async (unit, text, count) => {
    const type = { type: 'TIMESTAMP', unit, isAdjustedToUTC: true } as const;
    const column = { name: 'at', type: 'INT64', repetition_type: 'OPTIONAL', logical_type: type } as const;
    const part = await begin(['at'], [], parquet(column, count));
    part.add(answer(0, [], [JSON.stringify(text)]));
    const { metadata, rows } = read(part.end(), { [`timestampFrom${words[unit]}`]: (read: bigint) => read });
    expect(metadata.schema[1]).toMatchObject(column);
    expect(await rows).toEqual([{ at: count }]);
  });

  test('keeps dates', async () => {
    const column = { name: 'day', type: 'INT32', repetition_type: 'OPTIONAL', converted_type: 'DATE' } as const;
    const part = await begin(['day'], [], parquet(column, -1));
    part.add(answer(0, [], ['"1969-12-31T00:00:00.000Z"']));
    const { metadata, rows } = read(part.end());
    expect(metadata.schema[1]).toMatchObject(column);
    expect(await rows).toEqual([{ day: new Date('1969-12-31') }]);
  });

  test.each([
    ['UINT64', BigUint64Array.of(2n ** 64n - 1n), 2n ** 64n - 1n],
    ['INT64', BigInt64Array.of(-(2n ** 63n)), -(2n ** 63n)],
    ['UINT32', Uint32Array.of(2 ** 32 - 1), 2n ** 32n - 1n],
    ['INT8', Int8Array.of(-128), -128],
    ['UINT8', Uint8Array.of(255), 255],
    ['BOOL', Uint8Array.of(1), true],
    ['FP64', Float64Array.of(0.1), 0.1],
  ] as const)('writes %s exactly, and the record number where nothing is kept', async (datatype, values, expected) => {
    const part = await begin(['none'], [{ name: 'y', datatype, shape: [-1] }]);
    part.add(answer(7, [{ name: 'y', datatype, shape: [1], data: new Uint8Array(values.buffer) }]));
    expect(await read(part.end()).rows).toEqual([{ record: 7n, y: expected }]);
  });

  test('writes a row group once enough is held, and gives its bytes', async () => {
    const part = await begin([], [{ name: 'scores', datatype: 'FP64', shape: [-1, 1024] }]);
    const large = { name: 'scores', datatype: 'FP64', shape: [1, 1024], data: new Uint8Array(8192) } as const;
    const pieces: Uint8Array[] = [];
    for (let number = 0; number < 1030; number += 1) {
      part.add(answer(number, [large]));
      pieces.push(...part.take());
    }
    expect(pieces).toHaveLength(1);
    const { metadata } = read([...pieces, ...part.end()]);
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([1024, 6]);
  });

  test('refuses an answer of other dimensions, and goes on without it', async () => {
    const part = await begin([], [scores]);
    const take = (number: number, shape: readonly number[]) =>
      part.add(answer(number, [{ name: 'scores', datatype: 'FP32', shape, data: floats(1, 2) }]));
    take(0, [1, 2]);
    expect(() => take(1, [1, 1, 2])).toThrow("output 'scores' has 2 dimensions where others have 1");
    take(2, [1, 2]);
    expect((await read(part.end()).rows).map(({ record }) => record)).toEqual([0n, 2n]);
  });

  test('refuses strings that are no UTF-8', async () => {
    const part = await begin([], [{ name: 'label', datatype: 'BYTES', shape: [-1] }]);
    const bad: OutputTensor = { name: 'label', datatype: 'BYTES', shape: [1], data: [Uint8Array.of(0xff)] };
    expect(() => part.add(answer(0, [bad]))).toThrow("output 'label' has bytes that are no UTF-8");
  });

  test('writes a part without answers as one without rows', async () => {
    const { metadata, rows } = read((await begin(['id'], [scores])).end());
    expect(await rows).toEqual([]);
    expect(metadata.schema.map(({ name }) => name)).toEqual(['schema', 'id', 'scores', 'list', 'element']);
  });
});
