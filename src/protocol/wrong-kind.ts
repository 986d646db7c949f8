import type { JsonScanner } from './json-scanner.ts';
import { ServiceError } from './service-error.ts';
import { skipValue } from './skip-value.ts';

const mostShown = 40;
const decoder = new TextDecoder();

/**
 * Refuses the value at the scanner, which is not what `what` takes: 400 that says what came, or where it is no JSON.
 */
export function wrongKind(scanner: JsonScanner, what: string, expected: string): never {
  const first = scanner.next();
  const start = scanner.at;
  skipValue(scanner);
  const got = first === 0x7b ? 'an object' : first === 0x5b ? 'an array' : shown(scanner.bytes, start, scanner.at);
  throw new ServiceError(400, `${what}: expected ${expected}, got ${got} (at byte ${start})`);
}

function shown(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= mostShown) return decoder.decode(bytes.subarray(start, end));
  // A character may have been cut.
  return `${decoder.decode(bytes.subarray(start, start + mostShown)).replace(/\ufffd+$/, '')}…`;
}
