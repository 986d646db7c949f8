import type { JsonScanner } from './json-scanner.ts';
import { wrongKind } from './wrong-kind.ts';

/** Reads the value that names something: `what`. Throws 400 where it is no string, 413 where it is too long. */
export function scanName(scanner: JsonScanner, what: string): string {
  if (scanner.next() !== 0x22) wrongKind(scanner, what, 'a string');
  return scanner.name(what);
}
