import { ServiceError } from '../../protocol/service-error.ts';

/** A part of a list. */
export interface Page {
  /** The id before its first. */
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * Which part of a list is asked for: of so many without `limit`, of at most so many with it. Throws ServiceError 400.
 */
export function pageOf(query: URLSearchParams, bounds: { readonly limit: number; readonly most: number }): Page {
  const limit = query.get('limit') ?? String(bounds.limit);
  if (!/^[1-9][0-9]{0,9}$/.test(limit) || Number(limit) > bounds.most) {
    throw new ServiceError(
      400,
      `parameter 'limit': expected a number from 1 to ${bounds.most}, got '${limit.slice(0, 100)}'`,
      { field: 'limit' },
    );
  }
  return { after: query.get('after') ?? undefined, limit: Number(limit) };
}
