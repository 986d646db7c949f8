import { countLabels } from './count-labels.ts';
import type { LabelTargets } from './label-targets.ts';

/** Throws an Error where nothing can be learned of a class by these rows: all have it, or none has any. */
export function checkLabels({ names, rows }: LabelTargets, label: string): void {
  const counts = countLabels({ names, rows });
  const seen = counts.filter((count) => count > 0);
  if (seen.length === 0)
    throw new Error(`${label}: none of ${rows.length} rows has a label: there is nothing to learn`);
  const of = counts.indexOf(rows.length);
  if (of >= 0)
    throw new Error(
      `${label}: all ${rows.length} rows have '${names[of]}': expected each label to be of some rows and not of others`,
    );
  if (seen.length * 2 > rows.length)
    throw new Error(`${label}: ${seen.length} labels and ${rows.length} rows: expected several rows of each`);
}
