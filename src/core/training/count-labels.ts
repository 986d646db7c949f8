import type { LabelTargets } from './label-targets.ts';

/** How many rows have each. */
export function countLabels({ names, rows }: LabelTargets): readonly number[] {
  const counts = names.map(() => 0);
  for (const row of rows) for (const place of row) counts[place] = (counts[place] as number) + 1;
  return counts;
}
