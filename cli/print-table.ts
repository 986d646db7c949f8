/** Prints rows under a head, each column as wide as it needs to be. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = [head, ...rows];
  const widths = head.map((_title, column) => table.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  for (const row of table) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
