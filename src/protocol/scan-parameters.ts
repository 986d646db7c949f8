import type { DecodeLimits } from './decode-limits.ts';
import type { Parameters } from './inference.ts';
import type { JsonScanner } from './json-scanner.ts';
import { ServiceError } from './service-error.ts';

/** Reads `parameters`: an object of strings, numbers and booleans. */
export function scanParameters(scanner: JsonScanner, { maxNameLength, maxTensors }: DecodeLimits): Parameters {
  const members: [string, string | number | boolean][] = [];
  scanner.object((key) => {
    if (key.length > maxNameLength)
      throw new ServiceError(413, `a parameter's name is longer than maxNameLength, ${maxNameLength}`);
    if (members.length >= maxTensors)
      throw new ServiceError(413, `there are more parameters than maxTensors, ${maxTensors}`);
    members.push([key, scanValue(scanner, key)]);
  });
  return Object.fromEntries(members);
}

function scanValue(scanner: JsonScanner, key: string): string | number | boolean {
  const byte = scanner.next();
  if (byte === 0x22) return scanner.string();
  if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
    const text = scanner.number();
    if (Number.isFinite(Number(text))) return Number(text);
    throw new ServiceError(400, `parameter '${key.slice(0, 100)}': ${text.slice(0, 40)} is too large for a number`);
  }
  const value = byte === 0x74 || byte === 0x66 ? scanner.word() : null;
  if (value !== null) return value;
  throw new ServiceError(400, `parameter '${key.slice(0, 100)}': expected a string, a number or a boolean`);
}
