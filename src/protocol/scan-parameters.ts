import type { Parameters } from './inference.ts';
import type { JsonScanner } from './json-scanner.ts';
import { KnownWords } from './known-words.ts';
import { ObjectMembers } from './object-members.ts';
import { ServiceError } from './service-error.ts';
import { wrongKind } from './wrong-kind.ts';

const keys = new KnownWords([
  'binary_data_size',
  'binary_data_output',
  'binary_data',
  'classification',
  'timeout',
  'content_ref',
  'content_link_output',
  'content_link',
]);

/** Reads `parameters`: an object of strings, numbers and booleans. */
export function scanParameters(scanner: JsonScanner): Parameters {
  if (scanner.next() !== 0x7b) wrongKind(scanner, "'parameters'", 'an object');
  const parameters: Record<string, string | number | boolean> = {};
  const members = new ObjectMembers(scanner, keys);
  for (let key = members.next(); key !== undefined; key = members.next()) {
    const value = scanValue(scanner, key);
    // What an object inherits by that name would swallow the value.
    if (key === '__proto__') Object.defineProperty(parameters, key, { value, enumerable: true });
    else parameters[key] = value;
  }
  return parameters;
}

function scanValue(scanner: JsonScanner, key: string): string | number | boolean {
  const byte = scanner.next();
  if (byte === 0x22) return scanner.string() as string;
  if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
    const whole = scanner.wholeNumber();
    if (whole >= 0) return whole;
    const text = scanner.number();
    if (Number.isFinite(Number(text))) return Number(text);
    throw new ServiceError(400, `parameter '${key}': ${text.slice(0, 40)} is too large for a number`);
  }
  if (byte === 0x74 || byte === 0x66) return scanner.word() as boolean;
  return wrongKind(scanner, `parameter '${key}'`, 'a string, a number or a boolean');
}
