import { Quotation } from '../../core/batch/quotation.ts';
import { ServiceError } from '../../protocol/service-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// papaparse takes one off, as if each record began a file.
const mark = '\ufeff';
const quote = 0x22;
const newline = 0x0a;

/**
 * Reads the fields of a record of CSV, which is one line, whatever its fields hold. Throws ServiceError 400 for one
 * that is not UTF-8 or does not parse.
 */
export type ParseCsv = (line: Uint8Array) => readonly string[];

/** What parses records whose fields have `separator` between them, a character of ASCII. Source: RFC 4180. */
export async function openCsvParser(separator: string): Promise<ParseCsv> {
  const { default: papaparse } = await import('papaparse');
  return (line) => {
    checkMarks(line, separator.charCodeAt(0));
    const { data, errors } = papaparse.parse<string[]>(mark + decode(line), { delimiter: separator, newline: '\n' });
    const [row] = data;
    if (row && data.length === 1 && errors.length === 0) return row;
    throw outOfPlace(line);
  };
}

/**
 * Throws ServiceError 400 for a mark in a field that is not quoted, which papaparse takes, and for a quoted field
 * without an end.
 */
function checkMarks(line: Uint8Array, separator: number): void {
  const quotation = new Quotation(separator);
  for (let at = line.indexOf(quote); at >= 0; at = line.indexOf(quote, at + 1)) {
    if (!quotation.pass(at, line[at - 1])) throw outOfPlace(line);
  }
  if (quotation.isOpen) throw new ServiceError(400, 'a quotation mark opens a field, and none closes it');
}

function outOfPlace(line: Uint8Array): ServiceError {
  const lines = line.reduce((sum, byte) => sum + Number(byte === newline), 1);
  const extent = lines > 1 ? `; the record takes ${lines} lines, as a field of it is quoted over their ends` : '';
  return new ServiceError(
    400,
    `a quotation mark is out of place: a field that has one is quoted whole, with the mark doubled ("5"" pipe")${extent}`,
  );
}

function decode(line: Uint8Array): string {
  try {
    return decoder.decode(line);
  } catch {
    throw new ServiceError(400, 'the record is not UTF-8; save the file as UTF-8');
  }
}
