/** The number that a text of a column becomes, by name. */
export function categoryField(column: string, text: string): string {
  return `${column}=${text}`;
}
