import type { FileReader, ObjectStore, StoredFile } from '../../ports/object-store.ts';
import type { RecordFormat } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { recordFormatOf } from '../batch/record-format-of.ts';
import { DecompressedStore } from '../record-formats/decompressed-store.ts';

/** A file of rows. */
export interface FoundRows {
  readonly store: ObjectStore;
  readonly file: StoredFile;
  /** What its text is, without the gzip that it may be under. */
  readonly format: string;
  readonly records: RecordFormat;
  /** Its text, and what reads that. */
  readonly text: { readonly store: FileReader; readonly file: StoredFile };
}

/** What rows are learned from; batch jobs read besides what has no columns to be told. */
const ending = /\.(?:(csv|tsv|jsonl)(\.gz)?|parquet)$/i;

/**
 * The rows of a file, by the ending of what whoever gives it calls it. Throws ServiceError 400 for another format.
 *
 * @param work for work files
 */
export function rowsIn(store: ObjectStore, file: StoredFile, name: string, work: ObjectStore): FoundRows {
  if (!ending.test(name))
    throw new ServiceError(
      400,
      `${name}: expected a name that ends in .csv, .tsv, .jsonl, .csv.gz, .tsv.gz, .jsonl.gz or .parquet, or a folder of pictures`,
    );
  const { format, records } = recordFormatOf(name, { work });
  if (!format.endsWith('.gz')) return { store, file, format, records, text: { store, file } };
  // No more of it is decompressed than is read.
  const text = new DecompressedStore(store, file, work, Number.POSITIVE_INFINITY);
  const whole = { ...file, bytes: Number.POSITIVE_INFINITY };
  return { store, file, format: format.replace('.gz', ''), records, text: { store: text, file: whole } };
}
