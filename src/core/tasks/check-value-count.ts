import { ServiceError } from '../../protocol/service-error.ts';

/** Throws 400 where values in order are not as many as the columns that they are of. */
export function checkValueCount(values: readonly unknown[], columns: readonly string[]): void {
  if (values.length === columns.length) return;
  const first = columns[values.length];
  const lacks = first === undefined ? '' : `: '${first}' is the first without one`;
  throw new ServiceError(400, `expected the values of ${columns.length} columns, got ${values.length}${lacks}`);
}
