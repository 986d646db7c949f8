import { listNames } from '../list-names.ts';

const mostShown = 8;

/**
 * What to note of columns that are left out, as all rows have nearly the same there. Undefined where there are none.
 *
 * @param scale of each column
 */
export function stillColumns(names: readonly string[], scale: readonly number[]): string | undefined {
  const still = names.filter((_name, place) => scale[place] === 0);
  if (still.length === 0) return undefined;
  return `left out, as they are nearly the same in all rows to learn from: ${listNames(still, mostShown)}. Records still need them: --columns leaves them out for good. More rows in which they differ have them count`;
}
