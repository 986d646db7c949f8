import type { Datatype } from './datatype.ts';
import { datatypes } from './datatypes.ts';
import { inputLabel } from './input-label.ts';
import type { JsonScanner } from './json-scanner.ts';
import { nearestDatatype } from './nearest-datatype.ts';
import { ServiceError } from './service-error.ts';
import { wrongKind } from './wrong-kind.ts';

/** Reads a datatype. Throws 400 for a word that is none, with the nearest one. */
export function scanDatatype(scanner: JsonScanner, name: string | undefined, index: number): Datatype {
  if (scanner.next() !== 0x22) wrongKind(scanner, `${inputLabel(name, index)}: 'datatype'`, 'a string');
  const known = datatypes.words[datatypes.find(scanner.bytes, scanner.at + 1)];
  if (known !== undefined) {
    scanner.at += known.length + 2;
    return known;
  }
  const text = scanner.name('a datatype');
  const escaped = datatypes.words.find((word) => word === text);
  if (escaped !== undefined) return escaped;
  const nearest = nearestDatatype(text);
  const advice = nearest === undefined ? `expected one of ${datatypes.words.join(', ')}` : `did you mean ${nearest}?`;
  throw new ServiceError(400, `${inputLabel(name, index)}: unknown datatype '${text.slice(0, 40)}': ${advice}`);
}
