import { fittedText, type TextPart } from '../charts/fitted-text.ts';
import { svgText } from '../charts/svg-text.ts';
import { textWidth } from '../charts/text-width.ts';
import { escaped } from '../escaped.ts';
import { chartFrame } from './chart-frame.ts';
import { chartLayout } from './chart-layout.ts';
import { chartNumber } from './chart-number.ts';
import type { ChartWords } from './chart-words.ts';
import type { Others } from './explanation.ts';
import { weightColor } from './weight-color.ts';
import { weightRange } from './weight-range.ts';

/** A bar's words and its length. */
export type Bar = readonly [words: readonly TextPart[], weight: number];

const { width, top, fontSize } = chartLayout;
const mostBars = 20;
const row = 22;
const gap = 8;
/** What words before bars and numbers after them have, with gaps on both sides: more where they are longer. */
const [leastNames, mostNames] = [250, 370];
const leastNumbers = 100;
const nameRoom = (mostNames - 2 * gap) / fontSize;

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
  const hidden = rest.length + others.elements;
  const together = rest.reduce((sum, [, weight]) => sum + weight, others.weight);
  const more: readonly Bar[] = hidden > 0 ? [[[`${hidden} more, together`], together]] : [];
  const told = [...shown, ...more];
  const left = Math.max(leastNames, ...told.map(([name]) => spaceFor(fittedText(name, nameRoom))));
  const right = width - Math.max(leastNumbers, ...told.map(([, weight]) => spaceFor(chartNumber(weight))));
  const place = (weight: number) => left + ((weight - low) / (high - low)) * (right - left);
  const bottom = top + row * shown.length;
  const end = top + row * told.length;
  return chartFrame(end + 30, words, [
    ...told.map(([name, weight], at) => {
      const y = top + row * at + 15;
      return [
        svgText(`x="${left - gap}" y="${y}" text-anchor="end"`, name, nameRoom),
        `<text x="${right + gap}" y="${y}">${chartNumber(weight)}</text>`,
      ].join('\n');
    }),
    ...shown.map(([, weight], at) => {
      const from = place(Math.min(0, weight));
      const length = place(Math.max(0, weight)) - from;
      return `<rect x="${from.toFixed(1)}" y="${top + row * at + 3}" width="${length.toFixed(1)}" height="${row - 6}" fill="${weightColor(weight)}"/>`;
    }),
    `<path d="M${place(0).toFixed(1)} ${top - 4}V${bottom + 4}" stroke="black"/>`,
    `<text x="${(left + right) / 2}" y="${end + 20}" text-anchor="middle">${escaped(words.axis)}</text>`,
  ]);
}

function spaceFor(text: string): number {
  return Math.ceil(textWidth(text) * fontSize) + 2 * gap;
}
