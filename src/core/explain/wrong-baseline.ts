import { ServiceError } from '../../protocol/service-error.ts';

/**
 * What a baseline is refused with.
 *
 * @param where the row that it is about @default all of it
 */
export function wrongBaseline(why: string, { status = 400, where = '' } = {}): ServiceError {
  return new ServiceError(status, `parameter 'baseline'${where}: ${why}`, { field: 'baseline' });
}
