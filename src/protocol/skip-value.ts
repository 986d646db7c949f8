import type { JsonScanner } from './json-scanner.ts';
import { KnownWords } from './known-words.ts';
import { ObjectMembers } from './object-members.ts';

const noKeys = new KnownWords([]);

/** Takes any value and lets it go. */
export function skipValue(scanner: JsonScanner, depth = 1): void {
  const byte = scanner.next();
  if (byte === 0x22) skipString(scanner);
  else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) scanner.skipNumber();
  else if (byte === 0x7b) {
    scanner.checkNesting(depth);
    const members = new ObjectMembers(scanner, noKeys);
    while (members.next() !== undefined) skipValue(scanner, depth + 1);
  } else if (byte === 0x5b) {
    scanner.checkNesting(depth);
    for (let more = scanner.enter(0x5d); more; more = scanner.more(0x5d)) skipValue(scanner, depth + 1);
  } else scanner.word();
}

function skipString(scanner: JsonScanner): void {
  const start = scanner.at;
  const taken = scanner.rawString();
  if (taken?.ascii && !taken.escaped) return;
  scanner.at = start;
  scanner.string();
}
