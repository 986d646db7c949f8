import { wholeText } from '../charts/fitted-text.ts';
import { svgText } from '../charts/svg-text.ts';
import { boldWidth } from '../charts/text-width.ts';
import { escaped } from '../escaped.ts';
import type { ChartWords } from './chart-words.ts';

export const chartWidth = 740;
/** Under the words, where marks begin. */
export const chartTop = 74;
const [forIt, against] = ['#d55e00', '#0072b2'];
const margin = 16;
const room = chartWidth - 2 * margin;
export const fontSize = 12;
const titleSize = 13;

/** What a weight is drawn in. */
export function weightColor(weight: number): string {
  return weight < 0 ? against : forIt;
}

/** The least and the largest of weights and 0, which an axis goes between; where all are 0 it goes up to 1. */
export function weightRange(weights: readonly number[]): readonly [low: number, high: number] {
  const [low, high] = [Math.min(0, ...weights), Math.max(0, ...weights)];
  return low === high ? [0, 1] : [low, high];
}

/** Marks with the words of a chart above them, what its colours mean, and white behind: the text of an SVG file. */
export function chartFrame(height: number, { title, subtitle }: ChartWords, marks: readonly string[]): string {
  const key = [
    [margin, forIt, 'speaks for it'],
    [136, against, 'speaks against it'],
  ] as const;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${chartWidth} ${height}" font-family="sans-serif" font-size="${fontSize}">`,
    `<title>${escaped(wholeText(title))}</title>`,
    `<rect width="${chartWidth}" height="${height}" fill="white"/>`,
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
