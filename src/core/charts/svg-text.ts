import { escaped } from '../escaped.ts';
import { fittedText, type TextPart } from './fitted-text.ts';
import { wholeText } from './whole-text.ts';

/**
 * A text of an SVG file that is cut to its room, by the size of its letters; where it is, whoever points at it sees all
 * of it.
 *
 * @param attributes of its element
 */
export function svgText(attributes: string, parts: readonly TextPart[], room: number): string {
  const [whole, shown] = [wholeText(parts), fittedText(parts, room)];
  const title = shown === whole ? '' : `<title>${escaped(whole)}</title>`;
  return `<text ${attributes}>${title}${escaped(shown)}</text>`;
}
