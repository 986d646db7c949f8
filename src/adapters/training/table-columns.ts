import type { StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { openCsvParser } from '../record-formats/open-csv-parser.ts';
import { ParquetFile } from '../record-formats/parquet-file.ts';
import { readCsvHeader } from '../record-formats/read-csv-header.ts';
import { fieldsIn } from './fields-in.ts';
import { filledLines } from './filled-lines.ts';
import type { FoundRows } from './rows-in.ts';

const separators: Readonly<Record<string, string>> = { csv: ',', tsv: '\t' };

/**
 * The names of a file's columns, in order: those of its header, its schema, or its first record, of those that begin in
 * the first `mostBytes`. Rejects with ServiceError 400 where that is none.
 */
export async function tableColumns(
  { format, text: { store, file } }: FoundRows,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> {
  const separator = separators[format];
  if (separator !== undefined) {
    const parse = await openCsvParser(separator);
    return (await readCsvHeader(store, file, parse, separator.charCodeAt(0)))?.columns ?? [];
  }
  if (format === 'parquet')
    return (await ParquetFile.open(store, file)).schema.children.map(({ element }) => element.name);
  for await (const line of filledLines(store, file, mostBytes)) return fieldsOf(line, file);
  return [];
}

function fieldsOf(line: string, { key }: StoredFile): readonly string[] {
  const fields = fieldsIn(line);
  if (fields) return fields;
  const isList = line.trimStart().startsWith('[');
  throw new ServiceError(
    400,
    `'${key}': its first line is ${isList ? 'a list, or begins one' : 'no JSON object'}, and a row is a JSON object on one line; write it so (jq -c '${isList ? '.[]' : '.'}')`,
  );
}
