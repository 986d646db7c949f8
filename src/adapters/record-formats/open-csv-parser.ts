import { ServiceError } from '../../protocol/service-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// papaparse takes one off, as if each record began a file.
const mark = '\ufeff';

/**
 * Reads the fields of a record of CSV, which is one line, whatever its fields hold. Throws ServiceError 400 for one that is
 * not UTF-8 or does not parse.
 */
export type ParseCsv = (line: Uint8Array) => readonly string[];

/** What parses records whose fields have `separator` between them. Source: RFC 4180. */
export async function openCsvParser(separator: string): Promise<ParseCsv> {
  const { default: papaparse } = await import('papaparse');
  return (line) => {
    const { data, errors } = papaparse.parse<string[]>(mark + decode(line), { delimiter: separator, newline: '\n' });
    const [row] = data;
    if (row && data.length === 1 && errors.length === 0) return row;
    throw new ServiceError(
      400,
      'a quotation mark is out of place: a field that has one is quoted whole, with the mark doubled ("5"" pipe")',
    );
  };
}

function decode(line: Uint8Array): string {
  try {
    return decoder.decode(line);
  } catch {
    throw new ServiceError(400, 'the record is not UTF-8; save the file as UTF-8');
  }
}
