import type { Datatype } from './datatype.ts';
import { datatypes } from './datatypes.ts';
import { inputLabel } from './input-label.ts';
import type { JsonScanner } from './json-scanner.ts';
import { parseDatatype } from './parse-datatype.ts';
import { wrongKind } from './wrong-kind.ts';

/** Reads a datatype. Throws 400 for a word that is none, with the nearest one. */
export function scanDatatype(scanner: JsonScanner, name: string | undefined, index: number): Datatype {
  if (scanner.next() !== 0x22) wrongKind(scanner, `${inputLabel(name, index)}: 'datatype'`, 'a string');
  const known = datatypes.words[datatypes.find(scanner.bytes, scanner.at + 1)];
  if (known !== undefined) {
    scanner.at += known.length + 2;
    return known;
  }
  return parseDatatype(scanner.name('a datatype'), inputLabel(name, index));
}
