const mostListed = 12;

/** Names for a message: the first of them, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).map((name) => `'${name}'`);
  return `${shown.join(', ')}${names.length > mostListed ? ` and ${names.length - mostListed} more` : ''}`;
}
