import { splitLines } from '../../core/batch/split-lines.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import { openCsvParser } from '../record-formats/open-csv-parser.ts';
import { ParquetFile } from '../record-formats/parquet-file.ts';
import { readCsvHeader } from '../record-formats/read-csv-header.ts';
import type { FoundRows } from './rows-in.ts';

const separators: Readonly<Record<string, string>> = { csv: ',', tsv: '\t' };
const maxRecordBytes = 16 * 1024 * 1024;

/** The names of a file's columns, in order: those of its header, its schema, or its first record. */
export async function tableColumns({ format, text: { store, file } }: FoundRows): Promise<readonly string[]> {
  const separator = separators[format];
  if (separator !== undefined) {
    const parse = await openCsvParser(separator);
    return (await readCsvHeader(store, file, parse, separator.charCodeAt(0)))?.columns ?? [];
  }
  if (format === 'parquet')
    return (await ParquetFile.open(store, file)).schema.children.map(({ element }) => element.name);
  for await (const lines of splitLines(store.read(file), { maxBytes: maxRecordBytes, offset: 0 })) {
    const first = lines.map(({ text }) => new TextDecoder().decode(text)).find((text) => text.trim() !== '');
    if (first !== undefined) return Object.keys(Object(jsonIn(first)));
  }
  return [];
}
