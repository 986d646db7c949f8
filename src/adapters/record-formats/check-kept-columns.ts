import { listNames } from '../../core/list-names.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** Throws ServiceError 400 for a column that has to be kept and is not there. */
export function checkKeptColumns(required: readonly string[] = [], columns: readonly string[]): void {
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  throw new ServiceError(
    400,
    `there is no column ${listNames(missing)} to keep; the columns are ${listNames(columns)}`,
  );
}
