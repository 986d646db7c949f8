import { BadRows } from '../../core/training/bad-rows.ts';
import type { StoredFile } from '../../ports/object-store.ts';
import type { RecordFields } from '../../ports/record-format.ts';
import { FieldError } from '../../protocol/field-error.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { digestPieces } from '../digest-pieces.ts';
import { emptyRows } from './empty-rows.ts';
import { fileColumns } from './file-columns.ts';
import { noColumn } from './no-column.ts';
import { numberAdvice } from './number-advice.ts';
import type { FoundRows } from './rows-in.ts';
import { rowsOf } from './rows-of.ts';
import { toldOfValue } from './told-of-value.ts';

/** The records of a file, each with what it is to be taken for. */
export interface ReadRecords {
  /** The columns that were read. */
  readonly columns: readonly string[];
  /** Of each record, without a batch dimension. */
  readonly values: readonly Tensor[];
  /** Of each record, as a text. */
  readonly targets: readonly string[];
  /** What is to be said of columns that were left out. */
  readonly notes: readonly string[];
  readonly sha256: string;
}

export interface RecordsToRead {
  /** A path, or a file:// or s3:// URI. */
  readonly uri: string;
  readonly target: string;
  /** @default all but the target, and what only looks like a column */
  readonly columns: readonly string[] | undefined;
  /** A folder for work files. */
  readonly scratch: string;
  /** What columns are read as: texts, or numbers. */
  readonly inputOf: (columns: readonly string[]) => RecordInput;
  /** Whether a row may be of no class, which has to be written. @default false */
  readonly mayHaveNone?: boolean | undefined;
}

const shardBytes = 64 * 1024 * 1024;
const noneAdvice = "write '|' alone where a row has none of the labels";

/** Reads all records of a file: CSV, JSONL, Parquet. Rejects with an Error that names the rows that cannot be read. */
export async function readRecords(toRead: RecordsToRead): Promise<ReadRecords> {
  const { uri, target, scratch, inputOf, mayHaveNone } = toRead;
  const rows = await rowsOf(uri, scratch);
  const { store, file, records } = rows;
  const { columns, notes } = await columnsToRead(rows, toRead);
  const input = inputOf(columns);
  const isText = input.datatype === 'BYTES';
  const fields: RecordFields = { inputs: [input], kept: [target] };
  const shards = await records.plan(store, file, shardBytes, fields).catch((error: Error) => {
    throw error instanceof FieldError ? wrongColumn(uri, error, isText) : error;
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
          if (text === undefined)
            bad.add(record.number, `no value of '${target}'`, mayHaveNone ? noneAdvice : undefined);
          values.push(tensors[0] as Tensor);
          targets.push(text ?? '');
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          const { what, advice } =
            error instanceof FieldError ? toldOfValue(error.fault, isText) : { what: error.message };
          bad.add(record.number, what, advice);
        }
      }
    }
  }
  bad.throwIfAny();
  if (values.length === 0) throw new Error(`${uri} has no rows`);
  return { columns, values, targets, notes, sha256: await digestOf(store.read(file), file) };
}

/** Throws an Error where the file has not the columns that were named, or none to tell the target by. */
async function columnsToRead(
  rows: FoundRows,
  { uri, target, columns: wanted }: RecordsToRead,
): Promise<Pick<ReadRecords, 'columns' | 'notes'>> {
  const { all, usual, notes } = await fileColumns(rows, uri, target);
  if (all.length === 0) throw emptyRows(rows, uri);
  const strange = [target, ...(wanted ?? [])].find((name) => !all.includes(name));
  if (strange !== undefined) throw noColumn(uri, strange, all);
  // It would be right in all rows.
  if (wanted?.includes(target))
    throw new Error(
      `'${target}' is what is to be told: expected other columns to tell it by, got ${wanted.join(', ')}`,
    );
  if (wanted) return { columns: wanted, notes: [] };
  if (usual.length === 0) throw new Error([`${uri} has no column but '${target}' to tell it by`, ...notes].join('; '));
  return { columns: usual, notes };
}

/** What a file is refused with, one of whose columns has values of another type. */
function wrongColumn(uri: string, error: FieldError, isText: boolean): Error {
  const { field, kind, got } = error.fault;
  const advice = isText ? undefined : numberAdvice[kind];
  const expected = `${uri}: column '${field}' is ${got}, and ${isText ? 'texts' : 'numbers'} are expected`;
  return new Error(advice === undefined ? expected : `${expected}: ${advice}`, { cause: error });
}

async function digestOf(pieces: AsyncIterable<Uint8Array>, { bytes }: StoredFile): Promise<string> {
  const found = await digestPieces(pieces);
  if (found.bytes !== bytes) throw new Error('the file was changed while it was read');
  return found.checksum;
}

/** What Parquet's numbers have for a value that is missing. */
const noNumber = 'NaN';
const whole = /^-?\d+$/;

/** A text, a number or a truth value as a text, a list of these as JSON; undefined for none of these. */
function targetOf(json: string | undefined): string | undefined {
  const value = json === undefined ? undefined : jsonIn(json);
  if (Array.isArray(value)) return JSON.stringify(value);
  // Of more digits than a number keeps, two that differ would be one class.
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && whole.test(json ?? '')) return json;
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const text = isPlain ? String(value).trim() : '';
  return text === '' || text === noNumber ? undefined : text;
}
