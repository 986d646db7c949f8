/** Prints a line for each fact, the titles in a column of their own. */
export function printFacts(facts: readonly (readonly [title: string, text: string])[]): void {
  const width = Math.max(...facts.map(([title]) => title.length));
  for (const [title, text] of facts) console.log(`${title.padEnd(width)}  ${text}`);
}
