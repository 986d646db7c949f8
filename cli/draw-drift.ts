import type { TextPart } from '../src/core/charts/fitted-text.ts';
import { svgText } from '../src/core/charts/svg-text.ts';
import type { BaselineFeature } from '../src/core/drift/baseline.ts';
import type { FeatureDrift } from '../src/core/drift/feature-drift.ts';
import { featureLabel } from '../src/core/drift/feature-label.ts';
import { groupedBins } from '../src/core/drift/grouped-bins.ts';
import { escaped } from '../src/core/escaped.ts';
import { percentText } from '../src/core/percent-text.ts';
import { driftWords } from './drift-words.ts';
import { oneDigit } from './one-digit.ts';
import { svgAxes } from './svg-axes.ts';
import { svgPicture } from './svg-picture.ts';

/** Features that are drawn: those that moved farthest. */
const most = 12;
const columns = 3;
const panel = { width: 300, height: 190, left: 36, right: 290, top: 40, bottom: 150 };
const fontSize = 11;
const nameSize = 12;
/** Of the words under the first bin and the last. */
const binRoom = (panel.right - panel.left - 8) / 2 / fontSize;
const grey = '#9e9e9e';
const colours = { little: '#2e7d32', some: '#ef6c00', much: '#c62828' };

interface Bar {
  /** What values it is of. */
  readonly words: string;
  /** Of all values, from 0 to 1. */
  readonly before: number;
  readonly now: number;
}

/**
 * A picture of how features are spread, in SVG: of each, the shares of its bins in the baseline (grey) and now, with
 * the figures in their titles.
 */
export function drawDrift(title: readonly TextPart[], drift: readonly FeatureDrift[]): string {
  const drawn = drift.slice(0, most);
  const height = 40 + panel.height * Math.max(1, Math.ceil(drawn.length / columns));
  const marks = drawn.flatMap((each, index) => {
    const x = 10 + panel.width * (index % columns);
    const y = 30 + panel.height * Math.floor(index / columns);
    return [`<g transform="translate(${x} ${y})" font-size="${fontSize}">`, ...drawFeature(each), '</g>'];
  });
  return svgPicture({ title, left: 10, width: panel.width * columns + 20, height }, marks);
}

function drawFeature({ feature, counts, psi, js, ks }: FeatureDrift): string[] {
  const bars = barsOf(feature, counts);
  const highest = Math.max(...bars.flatMap(({ before, now }) => [before, now]), Number.MIN_VALUE);
  const step = (panel.right - panel.left) / bars.length;
  const colour = colours[driftWords(psi)];
  const figures = [`PSI ${psi.toFixed(3)}`, `JS ${js.toFixed(3)}`, ...(ks ? [`KS ${ks.distance.toFixed(3)}`] : [])];
  const bar = (share: number, x: number, fill: string, words: string) => {
    const high = (share / highest) * (panel.bottom - panel.top);
    return `<rect x="${oneDigit(x)}" y="${oneDigit(panel.bottom - high)}" width="${oneDigit(step * 0.4)}" height="${oneDigit(high)}" fill="${fill}"><title>${escaped(words)}</title></rect>`;
  };
  return [
    svgText(
      `x="${panel.left}" y="16" font-size="${nameSize}"`,
      [{ text: featureLabel(feature), cut: 'middle' }, ` (${feature.side})`],
      (panel.right - panel.left) / nameSize,
    ),
    `<text x="${panel.left}" y="30" fill="${colour}">${figures.join(', ')}</text>`,
    svgAxes(panel),
    `<text x="${panel.left - 4}" y="${panel.top + 4}" text-anchor="end">${Math.round(100 * highest)} %</text>`,
    ...bars.flatMap(({ words, before, now }, index) => {
      const x = panel.left + step * (index + 0.1);
      return [
        bar(before, x, grey, `${words}: ${percentText(before)} in the baseline`),
        bar(now, x + step * 0.4, colour, `${words}: ${percentText(now)} now`),
      ];
    }),
    svgText(`x="${panel.left}" y="${panel.bottom + 14}"`, [binWords(bars[0])], binRoom),
    svgText(`x="${panel.right}" y="${panel.bottom + 14}" text-anchor="end"`, [binWords(bars.at(-1))], binRoom),
  ];
}

function binWords(bar: Bar | undefined): TextPart {
  return { text: bar?.words ?? '', cut: 'middle' };
}

/** The bins of a feature as they are compared, without those that nothing was ever in. */
function barsOf(feature: BaselineFeature, counts: readonly number[]): readonly Bar[] {
  const group = groupedBins(feature);
  const [all, allNow] = [total(feature.counts), total(counts)];
  const bars = new Map<number, { words: string; before: number; now: number }>();
  for (const [bin, number] of group.entries()) {
    const bar = bars.get(number) ?? { words: wordsOf(feature, bin), before: 0, now: 0 };
    bar.before += (feature.counts[bin] as number) / Math.max(1, all);
    bar.now += (counts[bin] as number) / Math.max(1, allNow);
    bars.set(number, bar);
  }
  return [...bars.values()].filter(({ before, now }) => before + now > 0);
}

function wordsOf(feature: BaselineFeature, bin: number): string {
  if ('values' in feature) return feature.values[bin] ?? 'others';
  const { edges } = feature;
  if (bin > edges.length) return 'no number';
  if (bin === 0) return `under ${number(edges[1] ?? edges[0])}`;
  return `from ${number(edges[bin - 1])}`;
}

function number(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(3)));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
