import { LineRecord } from '../../core/batch/line-record.ts';
import { planLines } from '../../core/batch/plan-lines.ts';
import { type Line, splitLines } from '../../core/batch/split-lines.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { parseCsvLines } from './parse-csv-lines.ts';
import { readCsvHeader } from './read-csv-header.ts';
import { TextFields } from './text-fields.ts';

export interface CsvOptions {
  /** The character between fields. */
  readonly separator: string;
  readonly limits: DecodeLimits;
  readonly maxRecordBytes: number;
}

/** Records of fields of text, under a header that names them; blank lines are none. Source: RFC 4180. */
export class CsvFormat implements RecordFormat {
  readonly #options: CsvOptions;

  constructor(options: CsvOptions) {
    this.#options = options;
  }

  async plan(store: FileReader, file: StoredFile, shardBytes: number, fields: RecordFields): Promise<readonly Shard[]> {
    const header = await readCsvHeader(store, file, this.#options.separator);
    if (!header) return [];
    this.#textFields(header.columns, fields);
    // Of a record that is only counted, its first byte is enough.
    const options = { maxBytes: 1, quoted: true, offset: header.end };
    return planLines(splitLines(store.read(file, header.end), options), shardBytes, isRecord);
  }

  async *read(
    store: FileReader,
    file: StoredFile,
    shard: Shard,
    fields: RecordFields,
  ): AsyncIterable<readonly InputRecord[]> {
    const { separator, maxRecordBytes } = this.#options;
    const header = await readCsvHeader(store, file, separator);
    const text = this.#textFields(header?.columns ?? [], fields);
    const options = { maxBytes: maxRecordBytes, quoted: true, offset: shard.start };
    let number = shard.firstRecord;
    for await (const all of splitLines(store.read(file, shard.start, shard.end), options)) {
      const lines = all.filter(isRecord);
      const whole = lines.filter(({ isCut }) => !isCut);
      const rows = await parseCsvLines(
        whole.map((line) => line.text),
        separator,
      );
      const rowOf = new Map(whole.map((line, index) => [line, rows[index]]));
      yield lines.map((line) => {
        const row = rowOf.get(line) ?? [];
        return new LineRecord(number++, line, () => {
          if (row instanceof ServiceError) throw row;
          return text.read(row);
        });
      });
    }
  }

  #textFields(columns: readonly string[], { inputs, kept }: RecordFields): TextFields {
    return new TextFields(columns, inputs, kept, this.#options.limits);
  }
}

function isRecord({ text, isCut }: Line): boolean {
  return isCut || text.length > 0;
}
