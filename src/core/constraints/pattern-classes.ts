import { allBut, type CharacterSet, joined } from './character-set.ts';
import type { PatternReader } from './pattern-reader.ts';

const digits: CharacterSet = [[0x30, 0x39]];
const word: CharacterSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const blanks: CharacterSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

export const namedSets = {
  lineEnds: [
    [0x0a, 0x0a],
    [0x0d, 0x0d],
    [0x2028, 0x2029],
  ] as CharacterSet,
};

const sets: Readonly<Record<string, CharacterSet>> = {
  d: digits,
  D: allBut(digits),
  w: word,
  W: allBut(word),
  s: blanks,
  S: allBut(blanks),
};
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

/** What follows a backslash. */
export function readEscape(reader: PatternReader): CharacterSet {
  const letter = String.fromCodePoint(reader.next());
  const set = sets[letter];
  if (set !== undefined) return set;
  const code = readCode(reader, letter);
  return [[code, code]];
}

/** What follows `[`, to the `]`. */
export function readClass(reader: PatternReader): CharacterSet {
  const isOthers = reader.take('^');
  const ranges: (readonly [number, number])[] = [];
  while (!reader.take(']')) {
    const from = classPart(reader);
    const [only] = from;
    if (!(from.length === 1 && only?.[0] === only?.[1] && reader.take('-'))) {
      ranges.push(...from);
      continue;
    }
    if (reader.sees(']')) {
      ranges.push(...from, [0x2d, 0x2d]);
      continue;
    }
    const [[to = 0] = []] = classPart(reader);
    ranges.push([only?.[0] ?? 0, to]);
  }
  return isOthers ? allBut(ranges) : joined(ranges);
}

function classPart(reader: PatternReader): CharacterSet {
  if (!reader.take('\\')) {
    const code = reader.next();
    return [[code, code]];
  }
  if (reader.take('b')) return [[8, 8]];
  if (reader.take('-')) return [[0x2d, 0x2d]];
  return readEscape(reader);
}

function readCode(reader: PatternReader, letter: string): number {
  const control = controls[letter];
  if (control !== undefined) return control;
  if (letter === 'x') return reader.hex(2);
  if (letter === 'c') return reader.next() % 32;
  if (letter === 'u') return readUnicode(reader);
  if (/[a-zA-Z0-9]/.test(letter)) throw new Error(`has \\${letter}, which answers cannot be held to`);
  return letter.codePointAt(0) ?? 0;
}

function readUnicode(reader: PatternReader): number {
  if (!reader.take('{')) return reader.hex(4);
  let code = 0;
  while (!reader.take('}')) code = code * 16 + Number.parseInt(String.fromCodePoint(reader.next()), 16);
  return code;
}
