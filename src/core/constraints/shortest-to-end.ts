/** Bytes from each state of an automaton to the nearest end; Infinity: none can be reached. */
export function shortestToEnd(next: readonly Int32Array[], ends: readonly boolean[]): number[] {
  const before: number[][] = next.map(() => []);
  for (const [state, row] of next.entries()) for (const to of row) if (to >= 0) before[to]?.push(state);
  const shortest = ends.map((isEnd) => (isEnd ? 0 : Number.POSITIVE_INFINITY));
  let reached = [...ends.keys()].filter((state) => ends[state]);
  for (let bytes = 1; reached.length > 0; bytes += 1) {
    const farther: number[] = [];
    for (const state of reached.flatMap((to) => before[to] ?? [])) {
      if ((shortest[state] ?? 0) <= bytes) continue;
      shortest[state] = bytes;
      farther.push(state);
    }
    reached = farther;
  }
  return shortest;
}
