import type { DecodedRecord } from '../protocol/decoded-record.ts';
import type { RecordInput } from '../protocol/record-input.ts';
import type { FileReader, StoredFile } from './object-store.ts';

/** What is wanted of each record. */
export interface RecordFields {
  readonly inputs: readonly RecordInput[];
  /** Fields that go through to the output, where they are there. */
  readonly kept: readonly string[];
  /** Those of them that a file with columns has to have, as they were asked for. */
  readonly required?: readonly string[];
}

/** A record of an input file. */
export interface InputRecord {
  /** Its place in the file, from 0. */
  readonly number: number;
  /** Bytes of the file, uncompressed, before it. */
  readonly offset: number;
  /** Bytes that it takes in the file. */
  readonly bytes: number;
  /** What was wanted of it. Throws ServiceError 400 or 413 that says which field is wrong, and how. */
  decode(): DecodedRecord;
  /** JSON of the record for people to look at: of one that is too large or no JSON, a string with its beginning. */
  toJson(): string;
}

/** Whole records in a row. */
export interface Shard {
  readonly index: number;
  /** Where the first record begins, in the unit that the format counts in: bytes or rows. */
  readonly start: number;
  readonly end: number;
  readonly firstRecord: number;
  readonly records: number;
}

/** How records lie in a file. */
export interface RecordFormat {
  /**
   * Cuts a file at the borders of records into shards of about `shardBytes`, ascending, in one pass; none where it is
   * empty. Rejects with ServiceError 400 for a file that is not of this format, or that says of all its records at once
   * that they lack what is wanted of them.
   */
  plan(store: FileReader, file: StoredFile, shardBytes: number, fields: RecordFields): Promise<readonly Shard[]>;
  /** The records of a shard, in order, some at a time. */
  read(store: FileReader, file: StoredFile, shard: Shard, fields: RecordFields): AsyncIterable<readonly InputRecord[]>;
}
