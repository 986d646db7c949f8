import type { LabelledRows } from './prepare-rows.ts';
import { rowName } from './row-name.ts';

const mostShown = 3;

/** What is to be said of rows that are the same as others: how many, and whether their targets differ. */
export function sameRows(
  rows: Pick<LabelledRows, 'keys' | 'names'>,
  targets: readonly (number | string)[],
): readonly string[] {
  const first = new Map<string, number>();
  const [same, torn]: [string[], string[]] = [[], []];
  for (const [row, key] of rows.keys.entries()) {
    const before = first.get(key);
    if (before === undefined) first.set(key, row);
    else (targets[before] === targets[row] ? same : torn).push(`${rowName(rows, before)} and ${rowName(rows, row)}`);
  }
  const notes: string[] = [];
  const told = (pairs: readonly string[]) => `${rows.names ? '' : 'rows '}${shown(pairs)}`;
  if (same.length > 0)
    notes.push(`the same: ${told(same)}. Such rows are in one part, so that none is measured by what it learned`);
  if (torn.length > 0)
    notes.push(`the same but for what they are to be taken for: ${told(torn)}. No model can have both right`);
  return notes;
}

function shown(pairs: readonly string[]): string {
  const others = pairs.length - mostShown;
  return `${pairs.slice(0, mostShown).join(', ')}${others > 0 ? `, and ${others} more` : ''}`;
}
