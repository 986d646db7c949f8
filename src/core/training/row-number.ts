/** What people call a row: they count from 1, and a header is none. */
export function rowNumber(row: number): number {
  return row + 1;
}
