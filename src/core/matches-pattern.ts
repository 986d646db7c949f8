/** Whether a name is what a pattern says, in which a `*` at the end stands for any letters, or none. */
export function matchesPattern(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
