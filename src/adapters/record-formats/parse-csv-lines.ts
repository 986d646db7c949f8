import { ServiceError } from '../../protocol/service-error.ts';

// Takes a mark at the beginning as the byte-order mark that it is.
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The fields of records of CSV, each of which is one line, whatever its fields hold; in its place, ServiceError 400 for one
 * that does not parse. Source: RFC 4180.
 */
export async function parseCsvLines(
  lines: readonly Uint8Array[],
  separator: string,
): Promise<readonly (readonly string[] | ServiceError)[]> {
  const { default: papaparse } = await import('papaparse');
  const parse = (text: string) => papaparse.parse<string[]>(text, { delimiter: separator, newline: '\n' });
  const texts = lines.map(decode);
  const known = texts.filter((text) => typeof text === 'string');
  // Together: one by one takes several times as long.
  const { data, errors } = parse(known.join('\n'));
  const isClean = errors.length === 0 && data.length === known.length;
  let next = 0;
  return texts.map((text) => {
    if (text instanceof ServiceError) return text;
    if (isClean) return data[next++] as string[];
    const alone = parse(text);
    const [row] = alone.data;
    return row && alone.data.length === 1 && alone.errors.length === 0 ? row : quoted();
  });
}

function decode(line: Uint8Array): string | ServiceError {
  try {
    return decoder.decode(line);
  } catch {
    return new ServiceError(400, 'the record is not UTF-8; save the file as UTF-8');
  }
}

function quoted(): ServiceError {
  return new ServiceError(
    400,
    'a quotation mark is out of place: a field that has one is quoted whole, with the mark doubled ("5"" pipe")',
  );
}
