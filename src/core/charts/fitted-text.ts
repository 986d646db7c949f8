import { lettersOf } from './letters-of.ts';
import { textWidth } from './text-width.ts';

/** A part of a text: one that has to stay whole, or one that may be cut, in its middle or (a path) at its start. */
export type TextPart = string | { readonly text: string; readonly cut: 'middle' | 'start' };

/**
 * A text as it fits into `room`, by the size of its letters: those of its parts that may be cut have an equal share of
 * what the others leave, and what one does not need the rest has.
 */
export function fittedText(parts: readonly TextPart[], room: number): string {
  const cuttable = parts.filter((part) => typeof part !== 'string').map(({ text }) => textWidth(text));
  let left = room - parts.reduce((sum, part) => sum + (typeof part === 'string' ? textWidth(part) : 0), 0);
  let share = Number.POSITIVE_INFINITY;
  for (const [at, width] of cuttable.toSorted((one, other) => one - other).entries()) {
    share = left / (cuttable.length - at);
    if (width > share) break;
    left -= width;
    share = Number.POSITIVE_INFINITY;
  }
  return parts.map((part) => (typeof part === 'string' ? part : cutTo(part, share))).join('');
}

function cutTo({ text, cut }: Exclude<TextPart, string>, room: number): string {
  if (textWidth(text) <= room) return text;
  const letters = [...lettersOf(text)];
  const [before, after]: [string[], string[]] = [[], []];
  let left = room - textWidth('…');
  for (;;) {
    const isOfEnd = cut === 'start' || after.length < before.length;
    const letter = (isOfEnd ? letters.pop() : letters.shift()) ?? '';
    left -= textWidth(letter);
    if (left < 0) return [...before, '…', ...after.reverse()].join('');
    (isOfEnd ? after : before).push(letter);
  }
}
