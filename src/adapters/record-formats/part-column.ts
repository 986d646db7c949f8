import type { SchemaElement } from 'hyparquet';
import type { AnsweredRecord } from '../../ports/part-writer.ts';

/** A column of a part of Parquet. */
export interface PartColumn {
  /** It, and what lies in it. */
  readonly schema: readonly SchemaElement[];
  /** A record's value. Throws ServiceError 400 for one that the column cannot carry. */
  readonly take: (record: AnsweredRecord) => unknown;
}
