import { svgText } from '../charts/svg-text.ts';
import { wholeText } from '../charts/whole-text.ts';
import { escaped } from '../escaped.ts';
import { chartLayout } from './chart-layout.ts';
import type { ChartWords } from './chart-words.ts';
import { weightColor } from './weight-color.ts';

const { width, fontSize } = chartLayout;
const margin = 16;
const room = width - 2 * margin;
const titleSize = 13;
/** Of bold letters, to those that are not. */
const boldWidth = 1.12;

/** Marks with the words of a chart above them, what its colours mean, and white behind: the text of an SVG file. */
export function chartFrame(height: number, { title, subtitle }: ChartWords, marks: readonly string[]): string {
  const key = [
    [margin, weightColor(1), 'speaks for it'],
    [136, weightColor(-1), 'speaks against it'],
  ] as const;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="${fontSize}">`,
    `<title>${escaped(wholeText(title))}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    svgText(`x="${margin}" y="20" font-size="${titleSize}" font-weight="bold"`, title, room / (titleSize * boldWidth)),
    svgText(`x="${margin}" y="38"`, subtitle, room / fontSize),
    ...key.map(
      ([x, color, means]) =>
        `<rect x="${x}" y="48" width="12" height="12" fill="${color}"/><text x="${x + 18}" y="58">${means}</text>`,
    ),
    ...marks,
    '</svg>\n',
  ].join('\n');
}
