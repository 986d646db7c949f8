import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import { RecordScan } from '../../protocol/record-scan.ts';
import { LineRecord } from './line-record.ts';
import { planLines } from './plan-lines.ts';
import { type Line, splitLines } from './split-lines.ts';

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
    const options = { maxBytes: 1024, quoted: false, offset: 0 };
    return planLines(splitLines(store.read(file), options), shardBytes, (line) => isRecord(withoutMark(line)));
  }

  async *read(
    store: FileReader,
    file: StoredFile,
    shard: Shard,
    { inputs, kept }: RecordFields,
  ): AsyncIterable<readonly InputRecord[]> {
    const scan = new RecordScan(inputs, kept, this.#limits);
    const decode = (bytes: Uint8Array) => scan.read(bytes);
    const options = { maxBytes: this.#maxRecordBytes, quoted: false, offset: shard.start };
    let number = shard.firstRecord;
    for await (const lines of splitLines(store.read(file, shard.start, shard.end), options)) {
      yield lines
        .map(withoutMark)
        .filter(isRecord)
        .map((line) => new LineRecord(number++, line, decode, true));
    }
  }
}

/** A line without the byte-order mark that a file may begin with. */
function withoutMark(line: Line): Line {
  const [first, second, third] = line.text;
  const isMarked = line.offset === 0 && first === 0xef && second === 0xbb && third === 0xbf;
  return isMarked ? { ...line, text: line.text.subarray(3) } : line;
}

function isRecord({ text, isCut }: Line): boolean {
  return isCut || text.some((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d);
}
