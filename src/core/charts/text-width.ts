import { lettersOf } from './letters-of.ts';

/**
 * How wide letters are, by their size, the first that fits: as in the widest of the usual fonts without serifs (DejaVu
 * Sans, Verdana), or a little more.
 */
const widths: readonly (readonly [letter: RegExp, width: number])[] = [
  // Two of others. Some pictures are as wide as that.
  [
    /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff01-\uff60]/u,
    1.28,
  ],
  [/^[mwMW%@…—]/, 1],
  [/^[ijlftrI .,:;'|!()[\]/-]/, 0.42],
  [/^[=+<>~^#]/, 0.84],
  [/^[A-Z&]/, 0.76],
  [/^[\0-~]/, 0.64],
];
const otherWidth = 0.84;

/**
 * About how wide a text is drawn, rather more than less, by the size of its letters: whoever writes SVG does not know
 * the font that it is shown in.
 */
export function textWidth(text: string): number {
  return lettersOf(text).reduce((sum, letter) => sum + letterWidth(letter), 0);
}

function letterWidth(letter: string): number {
  return widths.find(([like]) => like.test(letter))?.[1] ?? otherWidth;
}
