import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import { RecordScan } from '../../protocol/record-scan.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { checkUtf8 } from './check-utf8.ts';
import { LineRecord } from './line-record.ts';
import { planLines } from './plan-lines.ts';
import { type Line, splitLines } from './split-lines.ts';
import { withoutMark } from './without-mark.ts';

/** A record on each line, as a JSON object; blank lines are none. Source: jsonlines.org. */
export class JsonlFormat implements RecordFormat {
  readonly #limits: DecodeLimits;
  readonly #maxRecordBytes: number;

  constructor(limits: DecodeLimits, maxRecordBytes: number) {
    this.#limits = limits;
    this.#maxRecordBytes = maxRecordBytes;
  }

  plan(store: FileReader, file: StoredFile, shardBytes: number): Promise<readonly Shard[]> {
    // Of a record that is only counted, its first byte that is no white space is enough.
    const options = { maxBytes: 1024, offset: 0 };
    let isFirst = true;
    return planLines(splitLines(store.read(file), options), shardBytes, (line) => {
      const found = withoutMark(line);
      if (!isRecord(found)) return false;
      if (isFirst) checkFirst(file, found);
      isFirst = false;
      return true;
    });
  }

  async *read(
    store: FileReader,
    file: StoredFile,
    shard: Shard,
    { inputs, kept }: RecordFields,
  ): AsyncIterable<readonly InputRecord[]> {
    const scan = new RecordScan(inputs, kept, this.#limits);
    const decode = (bytes: Uint8Array) => scan.read(bytes);
    const options = { maxBytes: this.#maxRecordBytes, offset: shard.start };
    let number = shard.firstRecord;
    for await (const lines of splitLines(store.read(file, shard.start, shard.end), options)) {
      yield lines
        .map(withoutMark)
        .filter(isRecord)
        .map((line) => new LineRecord(number++, line, decode, true));
    }
  }
}

/** Throws ServiceError 400 for a file whose first record says that none of the others can be read. */
function checkFirst(file: StoredFile, line: Line): void {
  checkUtf8(file, line);
  const text = new TextDecoder().decode(line.text).trim();
  if (text !== '{' && text !== '[') return;
  throw new ServiceError(
    400,
    `'${file.key}': its first line is '${text}' alone, and a record is a JSON object on one line; write it so (jq -c '${text === '[' ? '.[]' : '.'}')`,
  );
}

function isRecord({ text, isCut }: Line): boolean {
  return isCut || text.some((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d);
}
