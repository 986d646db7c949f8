import type { DecodeLimits } from './decode-limits.ts';
import type { JsonScanner } from './json-scanner.ts';
import { ServiceError } from './service-error.ts';

/** Reads a name or an id. Throws 413 where it is too long. */
export function scanName(scanner: JsonScanner, what: string, { maxNameLength }: DecodeLimits): string {
  const name = scanner.string();
  if (name.length <= maxNameLength) return name;
  throw new ServiceError(413, `${what} has ${name.length} characters, more than maxNameLength, ${maxNameLength}`);
}
