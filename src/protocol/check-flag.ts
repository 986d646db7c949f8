import type { Parameters } from './inference.ts';
import { ServiceError } from './service-error.ts';

/**
 * Throws 400 where a parameter is given that is neither true nor false; `owner` says whose: "output 'y', " or nothing.
 */
export function checkFlag(owner: string, parameters: Parameters, name: string): void {
  const value = parameters[name];
  if (value === undefined || typeof value === 'boolean') return;
  throw new ServiceError(
    400,
    `${owner}parameter '${name}': expected true or false, got ${JSON.stringify(value).slice(0, 40)}`,
  );
}
