import { escaped } from '../escaped.ts';
import { chartFrame } from './chart-frame.ts';
import { chartLayout } from './chart-layout.ts';
import { chartNumber } from './chart-number.ts';
import type { ChartWords } from './chart-words.ts';
import { weightColor } from './weight-color.ts';
import { weightRange } from './weight-range.ts';

/** A part of a sound, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly weight: number;
}

const { width, top } = chartLayout;
const [left, right, plot, below] = [90, 30, 140, 44];
/** Between the words of two ticks. */
const leastGap = 14;

/** Weights of the spans of a sound over its time, upwards what speaks for the target: the text of an SVG file. */
export function spanChart(spans: readonly Span[], words: ChartWords): string {
  const [low, high] = weightRange(spans.map(({ weight }) => weight));
  const seconds = spans.at(-1)?.end ?? 0;
  const across = (at: number) => left + (seconds > 0 ? at / seconds : 0) * (width - left - right);
  const down = (weight: number) => top + ((high - weight) / (high - low)) * plot;
  const largest = Math.max(...spans.map(({ weight }) => Math.abs(weight)));
  const ticks = [0, low, high].filter((at) => at === 0 || (largest > 0 && Math.abs(down(at) - down(0)) >= leastGap));
  const bottom = top + plot;
  const middle = top + plot / 2;
  return chartFrame(bottom + below, words, [
    ...spans.map(({ start, end, weight }) => {
      const [x, y] = [across(start), down(Math.max(0, weight))];
      const height = down(Math.min(0, weight)) - y;
      return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(across(end) - x).toFixed(1)}" height="${height.toFixed(1)}" fill="${weightColor(weight)}"/>`;
    }),
    `<path d="M${left} ${top}V${bottom}M${left} ${down(0).toFixed(1)}H${width - right}" stroke="black" fill="none"/>`,
    ...[...new Set(ticks)].map(
      (at) => `<text x="${left - 8}" y="${(down(at) + 4).toFixed(1)}" text-anchor="end">${chartNumber(at)}</text>`,
    ),
    ...[0, seconds / 2, seconds].map(
      (at) => `<text x="${across(at).toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${chartNumber(at)} s</text>`,
    ),
    `<text x="${(left + width - right) / 2}" y="${bottom + 36}" text-anchor="middle">time</text>`,
    `<text transform="translate(22 ${middle}) rotate(-90)" text-anchor="middle" font-size="11">${escaped(words.axis)}</text>`,
  ]);
}
