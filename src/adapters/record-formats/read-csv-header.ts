import { checkUtf8 } from '../../core/batch/check-utf8.ts';
import { splitLines } from '../../core/batch/split-lines.ts';
import { withoutMark } from '../../core/batch/without-mark.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { ParseCsv } from './open-csv-parser.ts';
import { unclosedQuotation } from './unclosed-quotation.ts';

const maxHeaderBytes = 1024 * 1024;

export interface CsvHeader {
  readonly columns: readonly string[];
  /** Where the first record may begin, in bytes. */
  readonly end: number;
}

/**
 * The names of a CSV file's columns, `separator` being the byte between them; undefined where the file is empty.
 * Rejects with ServiceError 400 where they cannot tell columns apart.
 */
export async function readCsvHeader(
  store: FileReader,
  file: StoredFile,
  parse: ParseCsv,
  separator: number,
): Promise<CsvHeader | undefined> {
  const pieces = store.read(file, 0, Math.min(file.bytes, maxHeaderBytes));
  for await (const lines of splitLines(pieces, { maxBytes: maxHeaderBytes, separator, offset: 0 })) {
    const line = lines.map(withoutMark).find(({ text }) => text.length > 0);
    if (!line) continue;
    checkUtf8(file, line);
    const end = line.offset + line.length;
    if (end >= maxHeaderBytes) throw refused(file, `is longer than ${maxHeaderBytes} bytes`);
    if (line.openedAt !== undefined) throw await unclosedQuotation(store, file, line.openedAt);
    if (hasReturn(line.text)) throw refused(file, 'has a carriage return (CR) in it; lines end in LF, or CRLF');
    const names = columnsOf(file, line.text, parse);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) throw refused(file, `has the column '${twice}' twice; each needs a name of its own`);
    return { columns: names, end };
  }
  return undefined;
}

/** Whether lines end as old Macs ended them, so that all of the file is one. */
function hasReturn(text: Uint8Array): boolean {
  return text.some((byte, index) => byte === 0x0d && text[index + 1] !== 0x0a);
}

function columnsOf(file: StoredFile, line: Uint8Array, parse: ParseCsv): readonly string[] {
  try {
    return parse(line).map((name) => name.trim());
  } catch (error) {
    throw error instanceof ServiceError ? refused(file, `does not parse: ${error.message}`) : error;
  }
}

function refused(file: StoredFile, what: string): ServiceError {
  return new ServiceError(400, `'${file.key}': the first line, which names the columns, ${what}`);
}
