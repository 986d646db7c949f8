import type { Form } from './form.ts';
import { byte, choice, empty, literal, maybe, repeat, rule, sequence } from './forms.ts';

const digit = byte([0x30, 0x39]);
const hex = byte([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]);
const tail = byte([0x80, 0xbf]);

/**
 * Between what JSON is made of: nothing, a space, or a new line with its indentation. JSON allows any amount, but a
 * model that has lost its way would print blanks for ever.
 */
export const space = choice(
  empty,
  literal(' '),
  sequence(literal('\n'), repeat(byte([0x20, 0x20], [0x09, 0x09]), 0, 32)),
);
const spaceAfterColon = maybe(literal(' '));

/** A character of more than one byte, none of them a surrogate. */
const wideCharacter = choice(
  sequence(byte([0xc2, 0xdf]), tail),
  sequence(byte([0xe0, 0xe0]), byte([0xa0, 0xbf]), tail),
  sequence(byte([0xe1, 0xec], [0xee, 0xef]), tail, tail),
  sequence(byte([0xed, 0xed]), byte([0x80, 0x9f]), tail),
  sequence(byte([0xf0, 0xf0]), byte([0x90, 0xbf]), tail, tail),
  sequence(byte([0xf1, 0xf3]), tail, tail, tail),
  sequence(byte([0xf4, 0xf4]), byte([0x80, 0x8f]), tail, tail),
);

const plainAscii = byte([0x20, 0x21], [0x23, 0x5b], [0x5d, 0x7f]);
const escapeLetters = byte(...[...'"\\/bfnrt'].map((letter) => [letter.charCodeAt(0), letter.charCodeAt(0)] as const));
const escaped = sequence(
  literal('\\'),
  choice(
    escapeLetters,
    // Halves of pairs (\ud800 to \udfff) are left out: alone they are no character.
    sequence(
      literal('u'),
      choice(
        sequence(byte([0x30, 0x39], [0x41, 0x43], [0x45, 0x46], [0x61, 0x63], [0x65, 0x66]), hex, hex, hex),
        sequence(byte([0x44, 0x44], [0x64, 0x64]), byte([0x30, 0x37]), hex, hex),
      ),
    ),
  ),
);

/** One character of a string, as it stands in JSON. */
export const character = choice(plainAscii, wideCharacter, escaped);

/** A string of so many characters. */
export function stringOf(least: number, most: number): Form {
  return sequence(literal('"'), sequence(repeat(character, least, most), literal('"')));
}

/** Whole numbers of at most 15 digits: beyond them a double does not hold each. */
export const integer = sequence(
  maybe(literal('-')),
  choice(literal('0'), sequence(byte([0x31, 0x39]), repeat(digit, 0, 14))),
);

/** Numbers that a double holds: at most 15 digits on either side of the point, and a power of ten of at most two. */
export const number = sequence(
  integer,
  maybe(sequence(literal('.'), repeat(digit, 1, 15))),
  maybe(sequence(byte([0x45, 0x45], [0x65, 0x65]), maybe(byte([0x2b, 0x2b], [0x2d, 0x2d])), repeat(digit, 1, 2))),
);

/** `"name": value` */
export function member(name: Form, value: Form): Form {
  return sequence(name, literal(':'), spaceAfterColon, value);
}

/** What comes before a member or an item: a comma, but for the first. */
export function separator(isFirst: boolean): Form {
  return isFirst ? space : sequence(literal(','), space);
}

/** `[…]` or `{…}` of any number of the same parts within bounds. */
export function listOf(open: string, part: Form, close: string, least: number, most: number): Form {
  const more = repeat(sequence(separator(false), part), Math.max(least - 1, 0), most - 1);
  const some = most === 0 ? [] : [sequence(separator(true), part, more)];
  return sequence(literal(open), choice(...(least === 0 ? [empty] : []), ...some), space, literal(close));
}

/** Rules of JSON of any kind: `any`, and an object alone, `any object`. */
export const anyJson: ReadonlyMap<string, Form> = new Map([
  [
    'any',
    choice(
      rule('any object'),
      listOf('[', rule('any'), ']', 0, Number.POSITIVE_INFINITY),
      stringOf(0, Number.POSITIVE_INFINITY),
      number,
      literal('true'),
      literal('false'),
      literal('null'),
    ),
  ],
  [
    'any object',
    listOf('{', member(stringOf(0, Number.POSITIVE_INFINITY), rule('any')), '}', 0, Number.POSITIVE_INFINITY),
  ],
]);

/** A whole text: a tokenizer's first token may have a space in front. */
export function wholeText(value: Form): Form {
  return sequence(maybe(literal(' ')), value);
}
