import { LineRecord } from '../../core/batch/line-record.ts';
import { planLines } from '../../core/batch/plan-lines.ts';
import { type Line, splitLines } from '../../core/batch/split-lines.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import { checkKeptColumns } from './check-kept-columns.ts';
import { fieldSource } from './field-source.ts';
import { openCsvParser, type ParseCsv } from './open-csv-parser.ts';
import { PlainFields } from './plain-fields.ts';
import { readCsvHeader } from './read-csv-header.ts';
import { TextFields } from './text-fields.ts';
import { unclosedQuotation } from './unclosed-quotation.ts';

export interface CsvOptions {
  /** The character between fields, of ASCII. */
  readonly separator: string;
  readonly limits: DecodeLimits;
  readonly maxRecordBytes: number;
}

/** Records of fields of text, under a header that names them; blank lines are none. Source: RFC 4180. */
export class CsvFormat implements RecordFormat {
  readonly #options: CsvOptions;
  readonly #separator: number;

  constructor(options: CsvOptions) {
    this.#options = options;
    this.#separator = options.separator.charCodeAt(0);
  }

  async plan(store: FileReader, file: StoredFile, shardBytes: number, fields: RecordFields): Promise<readonly Shard[]> {
    const parse = await openCsvParser(this.#options.separator);
    const header = await readCsvHeader(store, file, parse, this.#separator);
    if (!header) return [];
    this.#decoder(header.columns, fields, parse);
    // Of a record that is only counted, its first byte is enough.
    const options = { maxBytes: 1, separator: this.#separator, offset: header.end };
    let last: Line | undefined;
    const shards = await planLines(splitLines(store.read(file, header.end), options), shardBytes, (line) => {
      last = line;
      return isRecord(line);
    });
    if (last?.openedAt !== undefined) throw await unclosedQuotation(store, file, last.openedAt);
    return shards;
  }

  async *read(
    store: FileReader,
    file: StoredFile,
    shard: Shard,
    fields: RecordFields,
  ): AsyncIterable<readonly InputRecord[]> {
    const parse = await openCsvParser(this.#options.separator);
    const header = await readCsvHeader(store, file, parse, this.#separator);
    const decode = this.#decoder(header?.columns ?? [], fields, parse);
    const options = { maxBytes: this.#options.maxRecordBytes, separator: this.#separator, offset: shard.start };
    let number = shard.firstRecord;
    for await (const lines of splitLines(store.read(file, shard.start, shard.end), options)) {
      yield lines.filter(isRecord).map((line) => new LineRecord(number++, line, decode, false));
    }
  }

  /** Throws ServiceError 400 where the columns cannot fill an input, or one to keep is not there. */
  #decoder(columns: readonly string[], { inputs, kept, required }: RecordFields, parse: ParseCsv) {
    const { separator, limits } = this.#options;
    const sources = inputs.map((input) => fieldSource(input, columns));
    checkKeptColumns(required, columns);
    const keptColumns = kept.map((name) => columns.indexOf(name));
    const plain = new PlainFields(columns.length, separator, sources, keptColumns, limits);
    const text = new TextFields(columns, sources, keptColumns, limits);
    return (line: Uint8Array): DecodedRecord => plain.read(line) ?? text.read(parse(line));
  }
}

function isRecord({ text, isCut }: Line): boolean {
  return isCut || text.length > 0;
}
