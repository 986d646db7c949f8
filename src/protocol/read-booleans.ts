import type { ReadRow } from './scan-array.ts';
import { wrongKind } from './wrong-kind.ts';

/** Reads booleans, as words or as 0 and 1, into a byte each. */
export function readBooleans(out: Uint8Array, input: string): ReadRow {
  return (scanner, from, isAlone) => {
    for (let index = from; ; ) {
      const byte = scanner.next();
      const isWord = byte === 0x74 || byte === 0x66;
      const start = scanner.at;
      const value = isWord ? Number(scanner.word()) : scanner.wholeNumber();
      if (value !== 0 && value !== 1) {
        scanner.at = start;
        wrongKind(scanner, `input '${input}', element ${index}`, 'true or false');
      }
      out[index] = value;
      index += 1;
      if (isAlone || scanner.next() !== 0x2c) return index;
      scanner.at += 1;
    }
  };
}
