/**
 * Patterns, with a `*` at their end, that name all of `names` and none of `others`: the shortest at the end of a part
 * of a name, such as `encoder.layer.0.*`.
 */
export function patternsOf(names: readonly string[], others: readonly string[]): readonly string[] {
  const patterns = new Set<string>();
  for (const name of names) {
    const ends = Array.from(name.matchAll(/[./]/g), ({ index }) => index + 1);
    const prefixes = ends.map((end) => name.slice(0, end));
    const prefix = prefixes.find((begin) => begin !== '/' && !others.some((other) => other.startsWith(begin)));
    patterns.add(prefix === undefined ? name : `${prefix}*`);
  }
  return [...patterns];
}
