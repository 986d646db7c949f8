import type { FilesQuery } from '../../core/batch-jobs/batch-files.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { pageOf } from './page-of.ts';

/** Which files `GET /v1/files` asks for. Throws ServiceError 400 that names the parameter that is wrong. */
export function filesQuery(query: string | undefined): FilesQuery {
  const parameters = new URLSearchParams(query);
  const order = parameters.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') {
    throw new ServiceError(400, `parameter 'order': expected asc or desc, got '${order.slice(0, 100)}'`, {
      field: 'order',
    });
  }
  const purpose = parameters.get('purpose') ?? undefined;
  return { ...pageOf(parameters, { limit: 10_000, most: 10_000 }), order, purpose };
}
