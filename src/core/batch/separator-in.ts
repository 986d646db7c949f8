/** What seems to be between fields where the only column's name looks like several. */
export function separatorIn([only = '', ...others]: readonly string[]): string | undefined {
  return others.length > 0 ? undefined : /[;,\t|]/.exec(only)?.[0];
}
