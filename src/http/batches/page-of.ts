import { ServiceError } from '../../protocol/service-error.ts';

/** Which part of a list is asked for. Throws ServiceError 400. */
export function pageOf(query: string | undefined): { readonly after: string | undefined; readonly limit: number } {
  const parameters = new URLSearchParams(query);
  const limit = parameters.get('limit') ?? '20';
  if (!/^[1-9][0-9]{0,2}$/.test(limit) || Number(limit) > 100) {
    throw new ServiceError(400, `parameter 'limit': expected a number from 1 to 100, got '${limit.slice(0, 100)}'`);
  }
  return { after: parameters.get('after') ?? undefined, limit: Number(limit) };
}
