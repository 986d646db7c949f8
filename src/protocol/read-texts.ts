import type { ReadRow } from './scan-array.ts';
import { wrongKind } from './wrong-kind.ts';

const encoder = new TextEncoder();

/**
 * Reads strings into the first `elements` elements of `out`, as their UTF-8; over the body itself where they are plain.
 */
export function readTexts(out: Uint8Array[], input: string, elements: number): ReadRow {
  return (scanner, from, isAlone) => {
    for (let index = from; ; ) {
      if (scanner.next() !== 0x22) wrongKind(scanner, `input '${input}', element ${index}`, 'a string');
      const start = scanner.at;
      const taken = scanner.rawString();
      let text = taken?.raw;
      if (taken?.escaped || !taken?.ascii) {
        scanner.at = start;
        text = encoder.encode(scanner.string());
      }
      if (index < elements) out.push(text as Uint8Array);
      index += 1;
      if (isAlone || scanner.next() !== 0x2c) return index;
      scanner.at += 1;
    }
  };
}
