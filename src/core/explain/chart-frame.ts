import { escaped } from '../escaped.ts';
import type { ChartWords } from './chart-words.ts';

export const chartWidth = 740;
/** Under the words, where marks begin. */
export const chartTop = 74;
const [forIt, against] = ['#d55e00', '#0072b2'];
const mostLetters = 112;

/** What a weight is drawn in. */
export function weightColor(weight: number): string {
  return weight < 0 ? against : forIt;
}

/** The least and the largest of weights and 0, which an axis goes between; where all are 0 it goes up to 1. */
export function weightRange(weights: readonly number[]): readonly [low: number, high: number] {
  const [low, high] = [Math.min(0, ...weights), Math.max(0, ...weights)];
  return low === high ? [0, 1] : [low, high];
}

/** A text that is cut where it is too long. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Marks with the words of a chart above them, what its colours mean, and white behind: the text of an SVG file. */
export function chartFrame(height: number, { title, subtitle }: ChartWords, marks: readonly string[]): string {
  const told = escaped(shortened(title, mostLetters));
  const key = [
    [16, forIt, 'speaks for it'],
    [136, against, 'speaks against it'],
  ] as const;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${chartWidth} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${told}</title>`,
    `<rect width="${chartWidth}" height="${height}" fill="white"/>`,
    `<text x="16" y="20" font-size="13" font-weight="bold">${told}</text>`,
    `<text x="16" y="38">${escaped(shortened(subtitle, mostLetters))}</text>`,
    ...key.map(
      ([x, color, means]) =>
        `<rect x="${x}" y="48" width="12" height="12" fill="${color}"/><text x="${x + 18}" y="58">${means}</text>`,
    ),
    ...marks,
    '</svg>\n',
  ].join('\n');
}
