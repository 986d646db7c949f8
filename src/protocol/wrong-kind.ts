import type { JsonScanner } from './json-scanner.ts';
import { ServiceError } from './service-error.ts';
import { takeValue } from './take-value.ts';

/**
 * Refuses the value at the scanner, which is not what `what` takes: 400 that says what came, or where it is no JSON.
 */
export function wrongKind(scanner: JsonScanner, what: string, expected: string): never {
  scanner.next();
  const { at } = scanner;
  const { got } = takeValue(scanner);
  throw new ServiceError(400, `${what}: expected ${expected}, got ${got} (at byte ${at})`);
}
