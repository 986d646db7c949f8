import { ServiceError } from '../../protocol/service-error.ts';
import { listNames } from './list-names.ts';

// Kept where there is one, without being asked for.
const usual = 'id';

/** Throws ServiceError 400 for a column to keep that is not there. */
export function checkKeptColumns(kept: readonly string[], columns: readonly string[]): void {
  const missing = kept.filter((name) => name !== usual && !columns.includes(name));
  if (missing.length === 0) return;
  throw new ServiceError(
    400,
    `there is no column ${listNames(missing)} to keep; the columns are ${listNames(columns)}`,
  );
}
