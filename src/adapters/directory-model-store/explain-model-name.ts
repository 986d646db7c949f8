/** What is wrong with a name that is no model's. */
export function explainModelName(name: string): string {
  return `'${name}' is no model name: expected letters, digits, '.', '_' and '-', 128 at most`;
}
