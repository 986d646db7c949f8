/** Throws where two servers answer different numbers: they would do different work. */
export function checkSameNumbers(ours: readonly number[], theirs: readonly number[]): void {
  const same = ours.length === theirs.length && ours.every((value, i) => Math.abs(value - (theirs[i] ?? 0)) < 1e-4);
  if (!same) throw new Error(`the peer answers ${theirs.slice(0, 3)} where the server answers ${ours.slice(0, 3)}`);
}
