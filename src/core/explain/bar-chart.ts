import { escaped } from '../escaped.ts';
import { chartFrame, chartTop, shortened, weightColor, weightRange } from './chart-frame.ts';
import type { ChartWords } from './chart-words.ts';
import type { Others } from './explanation.ts';

/** A bar's words and its length. */
type Bar = readonly [words: string, weight: number];

const mostBars = 20;
const mostLetters = 40;
const row = 22;
const [names, bars] = [250, 390];

/**
 * Weights as bars from a line at 0, the largest first, twenty at most, and in a last row what the rest has together: the
 * text of an SVG file.
 *
 * @param others that are not among `weights`
 */
export function barChart(
  weights: readonly Bar[],
  words: ChartWords,
  others: Others = { elements: 0, weight: 0 },
): string {
  const sorted = weights.toSorted(([, one], [, other]) => Math.abs(other) - Math.abs(one));
  const [shown, rest] = [sorted.slice(0, mostBars), sorted.slice(mostBars)];
  const [low, high] = weightRange(shown.map(([, weight]) => weight));
  const place = (weight: number) => names + ((weight - low) / (high - low)) * bars;
  const hidden = rest.length + others.elements;
  const together = rest.reduce((sum, [, weight]) => sum + weight, others.weight);
  const bottom = chartTop + row * shown.length;
  const end = bottom + (hidden > 0 ? row : 0);
  return chartFrame(end + 30, words, [
    ...shown.map(([told, weight], at) => {
      const top = chartTop + row * at;
      const from = place(Math.min(0, weight));
      const length = place(Math.max(0, weight)) - from;
      return [
        rowWords(escaped(shortened(told, mostLetters)), weight, top),
        `<rect x="${from.toFixed(1)}" y="${top + 3}" width="${length.toFixed(1)}" height="${row - 6}" fill="${weightColor(weight)}"/>`,
      ].join('\n');
    }),
    ...(hidden > 0 ? [rowWords(`${hidden} more, together`, together, bottom)] : []),
    `<path d="M${place(0).toFixed(1)} ${chartTop - 4}V${bottom + 4}" stroke="black"/>`,
    `<text x="${names + bars / 2}" y="${end + 20}" text-anchor="middle">${escaped(words.axis)}</text>`,
  ]);
}

/** On either side of a bar. */
function rowWords(name: string, weight: number, top: number): string {
  return [
    `<text x="${names - 8}" y="${top + 15}" text-anchor="end">${name}</text>`,
    `<text x="${names + bars + 8}" y="${top + 15}">${Number(weight.toPrecision(3))}</text>`,
  ].join('\n');
}
