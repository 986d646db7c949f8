/**
 * How many rows of each stratum some parts are to have, by the rows that it has and the parts' shares of all: to a row,
 * and what rounding takes from one stratum, the next gives. One row of each stratum is in none of them.
 */
export function owedRows(sizes: readonly number[], shares: readonly number[]): readonly number[][] {
  const owed = shares.map((share) => ({ share, due: 0, rows: sizes.map(() => 0) }));
  for (const [stratum, size] of sizes.entries()) {
    let left = size;
    for (const part of owed) {
      part.due += part.share * size;
      for (; left > 1 && part.due >= 0.5; left -= 1) {
        part.due -= 1;
        part.rows[stratum] = (part.rows[stratum] as number) + 1;
      }
    }
  }
  return owed.map(({ rows }) => rows);
}
