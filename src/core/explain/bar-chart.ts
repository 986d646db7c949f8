import { escaped } from '../escaped.ts';

/** A bar's words and its length. */
type Bar = readonly [words: string, weight: number];

const mostBars = 20;
const mostLetters = 40;
const row = 22;
const [words, bars, numbers] = [250, 400, 90];
const width = words + bars + numbers;
const [forIt, against] = ['#d55e00', '#0072b2'];

/** Weights as bars from a line in the middle, the largest first, twenty at most: the text of an SVG file. */
export function barChart(weights: readonly Bar[]): string {
  const sorted = weights.toSorted(([, one], [, other]) => Math.abs(other) - Math.abs(one)).slice(0, mostBars);
  const most = Math.max(...sorted.map(([, weight]) => Math.abs(weight)), Number.MIN_VALUE);
  const middle = words + bars / 2;
  const height = row * sorted.length + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>What speaks for the answer, and what against it</title>',
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...sorted.map(([told, weight], at) => {
      const length = (Math.abs(weight) / most) * (bars / 2);
      const [x, top] = [weight < 0 ? middle - length : middle, 10 + row * at];
      const shown = told.length > mostLetters ? `${told.slice(0, mostLetters - 1)}…` : told;
      return [
        `<text x="${words - 8}" y="${top + 15}" text-anchor="end">${escaped(shown)}</text>`,
        `<rect x="${x.toFixed(1)}" y="${top + 3}" width="${length.toFixed(1)}" height="${row - 6}" fill="${weight < 0 ? against : forIt}"/>`,
        `<text x="${words + bars + 8}" y="${top + 15}">${Number(weight.toPrecision(3))}</text>`,
      ].join('\n');
    }),
    `<path d="M${middle} 6V${height - 6}" stroke="black"/>`,
    '</svg>\n',
  ].join('\n');
}
