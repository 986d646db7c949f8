import type { OutputTensor } from '../protocol/inference.ts';
import type { FileReader, StoredFile } from './object-store.ts';

/** A record's answer, among the rows of those that ran with it. */
export interface AnsweredRecord {
  readonly number: number;
  /** JSON of the fields that are kept; undefined for one that the record does not have. */
  readonly kept: readonly (string | undefined)[];
  readonly outputs: readonly OutputTensor[];
  readonly row: number;
  readonly rows: number;
}

/** A part of the results that is being written. */
export interface Part {
  /**
   * Takes the next record. Throws ServiceError 400 for an answer that the format cannot carry: then nothing was taken.
   */
  add(record: AnsweredRecord): void;
  /** The bytes that came to be since the last call; what is held back is bounded. */
  take(): readonly Uint8Array[];
  /** The bytes that are left, and the end. */
  end(): readonly Uint8Array[];
}

/** How answers are written. */
export interface PartWriter {
  /** What the names of parts end in. */
  readonly extension: string;
  /** Begins a part with answers to records of `file`. */
  begin(store: FileReader, file: StoredFile): Promise<Part>;
}
