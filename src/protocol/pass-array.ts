import type { JsonScanner } from './json-scanner.ts';
import { skipValue } from './skip-value.ts';

/**
 * Passes over the array at the scanner, which is read later: looks at nothing but its brackets, strings and objects.
 */
export function passArray(scanner: JsonScanner): void {
  const { bytes } = scanner;
  let depth = 0;
  for (; scanner.at < bytes.length; scanner.at += 1) {
    const byte = bytes[scanner.at] as number;
    if (byte === 0x22) {
      scanner.rawString();
      scanner.at -= 1;
    } else if (byte === 0x7b) {
      skipValue(scanner);
      scanner.at -= 1;
    } else if (byte === 0x5b) depth += 1;
    else if (byte === 0x5d) depth -= 1;
    else if (byte === 0x3a || byte === 0x7d) scanner.fail("',' or ']'");
    if (depth > 0) continue;
    scanner.at += 1;
    return;
  }
  scanner.fail("']'");
}
