import Papa from 'papaparse';

/** A column of a CSV file, by its name in the first line. */
export interface CsvColumn {
  /** One for each row that is not empty; undefined where there is no such column. */
  readonly values: readonly string[] | undefined;
  /** The names of all columns. */
  readonly columns: readonly string[];
}

/** Reads a column of what a CSV file holds. */
export function csvColumn(content: string, name: string): CsvColumn {
  const { data, meta } = Papa.parse<Record<string, string>>(content.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  });
  const columns = meta.fields ?? [];
  return { columns, values: columns.includes(name) ? data.map((row) => row[name] ?? '') : undefined };
}
