import { namesOfColumns } from '../../core/training/names-of-columns.ts';
import { usualTarget, usualTargets } from '../../core/training/usual-target.ts';
import { emptyRows } from './empty-rows.ts';
import { findRows } from './find-rows.ts';
import { knownColumns } from './known-columns.ts';

/**
 * The column that is to be told, where the columns of a file say that by their names; undefined for a
 * folder. Rejects with an Error where they do not, or there is no such file.
 */
export async function evidentTarget(uri: string, scratch: string): Promise<string | undefined> {
  const rows = await findRows(uri, scratch);
  if (!rows) return undefined;
  const columns = await knownColumns(rows);
  const target = usualTarget(columns);
  if (target !== undefined) return target;
  if (columns.length === 0) throw emptyRows(rows, uri);
  throw new Error(
    `${uri} has none of the columns ${usualTargets.join(', ')}: say by --target which column it is to tell; it has ${namesOfColumns(columns)}`,
  );
}
