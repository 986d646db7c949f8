import type { TextPart } from '../src/core/charts/fitted-text.ts';
import { svgText } from '../src/core/charts/svg-text.ts';
import { wholeText } from '../src/core/charts/whole-text.ts';
import { escaped } from '../src/core/escaped.ts';

const titleSize = 15;
const margin = 10;

export interface SvgPicture {
  /** Cut to the picture's width. */
  readonly title: readonly TextPart[];
  /** Where the title begins. */
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** The text of an SVG file: a title over marks, on white. */
export function svgPicture({ title, left, width, height }: SvgPicture, marks: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(wholeText(title))}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    svgText(`x="${left}" y="22" font-size="${titleSize}"`, title, (width - left - margin) / titleSize),
    ...marks,
    '</svg>\n',
  ].join('\n');
}
