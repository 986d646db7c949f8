import type { Form } from './form.ts';
import { byte, choice, literal, nothing, sequence } from './forms.ts';

/** Code points, from and to, in order, without overlaps. */
export type CharacterSet = readonly (readonly [number, number])[];

const lastCharacter = 0x10ffff;
/**
 * The last code point of one, two, three and four bytes; between 0xd7ff and 0xe000 are the surrogates, which are no
 * characters.
 */
const lengths: CharacterSet = [
  [0, 0x7f],
  [0x80, 0x7ff],
  [0x800, 0xd7ff],
  [0xe000, 0xffff],
  [0x10000, lastCharacter],
];

export function joined(ranges: CharacterSet): CharacterSet {
  const all: [number, number][] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

export function allBut(ranges: CharacterSet): CharacterSet {
  const others: [number, number][] = [];
  let from = 0;
  for (const [low, high] of joined(ranges)) {
    if (low > from) others.push([from, low - 1]);
    from = high + 1;
  }
  if (from <= lastCharacter) others.push([from, lastCharacter]);
  return others;
}

/** Any character. */
export const anyCharacter: CharacterSet = [[0, lastCharacter]];

/** One of the characters, as it stands within a JSON string: each is written in one way. */
export function characterForm(set: CharacterSet): Form {
  const forms: Form[] = [];
  for (const [from, to] of joined(set)) {
    for (let code = from; code <= Math.min(to, 0x5c); code += 1) {
      if (isEscaped(code)) forms.push(literal(JSON.stringify(String.fromCharCode(code)).slice(1, -1)));
    }
    for (const [low, high] of lengths) forms.push(...plainForms(Math.max(from, low), Math.min(to, high)));
  }
  return choice(...forms);
}

function isEscaped(code: number): boolean {
  return code < 0x20 || code === 0x22 || code === 0x5c;
}

function plainForms(from: number, to: number): readonly Form[] {
  if (from > to) return [];
  if (from > 0x7f) return [between(bytesOf(from), bytesOf(to))];
  const pieces = [
    [0x20, 0x21],
    [0x23, 0x5b],
    [0x5d, 0x7f],
  ] as const;
  return pieces
    .map(([low, high]) => [Math.max(low, from), Math.min(high, to)] as const)
    .filter(([low, high]) => low <= high)
    .map((range) => byte(range));
}

const encoder = new TextEncoder();

function bytesOf(code: number): readonly number[] {
  return [...encoder.encode(String.fromCodePoint(code))];
}

/** Sequences of as many bytes, from one to another in the order of their characters. */
function between(from: readonly number[], to: readonly number[]): Form {
  const [low = 0, ...lowRest] = from;
  const [high = 0, ...highRest] = to;
  if (lowRest.length === 0) return byte([low, high]);
  if (low === high) return sequence(byte([low, low]), between(lowRest, highRest));
  const [least, most] = [lowRest.map(() => 0x80), lowRest.map(() => 0xbf)];
  const middle = low + 1 > high - 1 ? nothing : sequence(byte([low + 1, high - 1]), between(least, most));
  return choice(
    sequence(byte([low, low]), between(lowRest, most)),
    middle,
    sequence(byte([high, high]), between(least, highRest)),
  );
}
