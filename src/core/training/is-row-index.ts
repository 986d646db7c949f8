/** What pandas calls the numbers of rows: in Parquet, in CSV, and in CSV that it has read and written again. */
const index = /^(|__index_level_\d+__|Unnamed: \d+)$/;

/** Whether a column only looks like one: its name is that of the numbers of rows. */
export function isRowIndex(column: string): boolean {
  return index.test(column);
}
