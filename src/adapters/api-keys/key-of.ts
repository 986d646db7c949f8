import type { Authorize } from '../../ports/authorize.ts';

/** The key that a request carries, in `x-api-key` or as `authorization: Bearer …`. */
export function keyOf(headers: Parameters<Authorize>[0]): string | undefined {
  const { 'x-api-key': given, authorization } = headers;
  if (typeof given === 'string') return given;
  return typeof authorization === 'string' ? /^Bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
}
