import { BadRows } from '../../core/training/bad-rows.ts';
import type { StoredFile } from '../../ports/object-store.ts';
import type { RecordFields } from '../../ports/record-format.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { digestPieces } from '../digest-pieces.ts';
import { noColumn } from './no-column.ts';
import { rowsOf } from './rows-of.ts';
import { tableColumns } from './table-columns.ts';

/** The records of a file, each with what it is to be taken for. */
export interface ReadRecords {
  /** Of each record, without a batch dimension. */
  readonly values: readonly Tensor[];
  /** Of each record, as a text. */
  readonly targets: readonly string[];
  readonly sha256: string;
}

export interface RecordsToRead {
  /** A path, or a file:// or s3:// URI. */
  readonly uri: string;
  readonly target: string;
  /** A folder for work files. */
  readonly scratch: string;
  /** What to do about what is wrong with a record, or a column, but to mend it. @default nothing */
  readonly adviceOn?: (wrong: string) => string | undefined;
  /** What of a record is read, by the columns that the file has. */
  readonly inputOf: (columns: readonly string[]) => RecordInput;
}

const shardBytes = 64 * 1024 * 1024;

/** Reads all records of a file: CSV, JSONL, Parquet. Rejects with an Error that names the rows that cannot be read. */
export async function readRecords({ uri, target, scratch, inputOf, adviceOn }: RecordsToRead): Promise<ReadRecords> {
  const rows = await rowsOf(uri, scratch);
  const { store, file, records } = rows;
  const columns = await tableColumns(rows);
  if (columns.length === 0) throw new Error(`${uri} is empty: expected a first line that names the columns`);
  if (!columns.includes(target)) throw noColumn(uri, target, columns);
  const fields: RecordFields = { inputs: [inputOf(columns)], kept: [target] };
  const shards = await records.plan(store, file, shardBytes, fields).catch((error: Error) => {
    const advice = error instanceof ServiceError ? adviceOn?.(error.message) : undefined;
    throw advice === undefined ? error : new Error(`${error.message}: ${advice}`, { cause: error });
  });
  const values: Tensor[] = [];
  const targets: string[] = [];
  const bad = new BadRows(uri);
  for (const shard of shards) {
    for await (const some of records.read(store, file, shard, fields)) {
      for (const record of some) {
        try {
          const { tensors, kept } = record.decode();
          const text = targetOf(kept[0]);
          if (text === undefined) bad.add(record.number, `no value of '${target}'`);
          values.push(tensors[0] as Tensor);
          targets.push(text ?? '');
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          bad.add(record.number, error.message, adviceOn?.(error.message));
        }
      }
    }
  }
  bad.throwIfAny();
  if (values.length === 0) throw new Error(`${uri} has no rows`);
  return { values, targets, sha256: await digestOf(store.read(file), file) };
}

async function digestOf(pieces: AsyncIterable<Uint8Array>, { bytes }: StoredFile): Promise<string> {
  const found = await digestPieces(pieces);
  if (found.bytes !== bytes) throw new Error('the file was changed while it was read');
  return found.checksum;
}

/** A text, a number or a truth value as a text, a list of these as JSON; undefined for none of these. */
function targetOf(json: string | undefined): string | undefined {
  const value = json === undefined ? undefined : jsonIn(json);
  if (Array.isArray(value)) return JSON.stringify(value);
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const text = isPlain ? String(value).trim() : '';
  return text === '' ? undefined : text;
}
