/**
 * Takes all `measures` in turns, `rounds` times, so that a slow moment of the machine meets each. Returns the results
 * of each.
 */
export async function inTurns<T>(rounds: number, ...measures: (() => T | Promise<T>)[]): Promise<T[][]> {
  const results: T[][] = measures.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, measure] of measures.entries()) results[index]?.push(await measure());
  }
  return results;
}
