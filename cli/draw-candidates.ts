import type { TextPart } from '../src/core/charts/fitted-text.ts';
import { escaped } from '../src/core/escaped.ts';
import type { CandidateTrial } from '../src/core/factory/candidate-trial.ts';
import { onFront } from '../src/core/factory/on-front.ts';
import { qualityOf } from '../src/core/factory/quality-of.ts';
import { timeRatio } from '../src/core/factory/time-ratio.ts';
import { bytesText } from './bytes-text.ts';
import { oneDigit } from './one-digit.ts';
import { qualityWords } from './quality-words.ts';
import { svgAxes } from './svg-axes.ts';
import { svgPicture } from './svg-picture.ts';
import { threeDigits } from './three-digits.ts';

const [width, height] = [860, 480];
const plot = { left: 70, right: 800, top: 50, bottom: 430 };
const colours = { front: '#0072b2', other: '#999999', refused: '#d55e00' };
/** Of the source's circle. */
const largest = 22;

interface CandidateDrawing {
  readonly title: readonly TextPart[];
  readonly sourceBytes: number;
  readonly trials: readonly CandidateTrial[];
  readonly chosen: CandidateTrial | undefined;
}

/** A point of the picture: time by the source's, agreement, and bytes as the area of its circle. */
interface Point {
  readonly name: string;
  readonly ratio: number;
  readonly quality: number;
  readonly bytes: number;
  readonly colour: string;
  readonly told: string;
  readonly isBold: boolean;
}

/**
 * Agreement against the time of a run, in SVG; the larger a circle, the larger the file. The Pareto front is blue, what
 * the gate refuses red.
 */
export function drawCandidates(drawing: CandidateDrawing): string {
  const { title, sourceBytes } = drawing;
  const points = pointsOf(drawing);
  const slowest = Math.max(...points.map(({ ratio }) => ratio)) * 1.1;
  const worst = Math.min(...points.map(({ quality }) => quality));
  const low = worst - Math.max(0.005, (1 - worst) * 0.15);
  const x = (ratio: number) => plot.left + (ratio / slowest) * (plot.right - plot.left);
  const y = (quality: number) => plot.bottom - ((quality - low) / (1 - low)) * (plot.bottom - plot.top);
  const steps = [0, 0.25, 0.5, 0.75, 1];
  return svgPicture({ title, left: plot.left, width, height }, [
    svgAxes(plot),
    ...steps.map((step) => {
      const quality = low + (1 - low) * step;
      return `<text x="${plot.left - 6}" y="${oneDigit(y(quality) + 4)}" text-anchor="end">${(100 * quality).toFixed(1)} %</text>`;
    }),
    ...steps.map((step) => {
      const ratio = slowest * step;
      return `<text x="${oneDigit(x(ratio))}" y="${plot.bottom + 18}" text-anchor="middle">${threeDigits(ratio)}</text>`;
    }),
    `<text x="${plot.left}" y="${plot.top - 10}" text-anchor="end">agrees</text>`,
    `<text x="${plot.right}" y="${plot.bottom + 38}" text-anchor="end">time of a run by that of the source; circles are as large as files</text>`,
    ...points.map((point) => {
      const radius = Math.max(3, largest * Math.sqrt(point.bytes / sourceBytes));
      const told = `${point.name}: ${bytesText(point.bytes)}, ${threeDigits(1 / point.ratio)} times as quick, ${point.told}`;
      const at = `cx="${oneDigit(x(point.ratio))}" cy="${oneDigit(y(point.quality))}" r="${oneDigit(radius)}"`;
      return `<circle ${at} fill="${point.colour}" fill-opacity="0.5"><title>${escaped(told)}</title></circle>`;
    }),
    ...points.map((point) => {
      const weight = point.isBold ? ' font-weight="bold"' : '';
      return `<text x="${oneDigit(x(point.ratio) + 6)}" y="${oneDigit(y(point.quality) - 6)}"${weight}>${escaped(point.name)}</text>`;
    }),
  ]);
}

/** Of candidates that were measured, and of their source. */
function pointsOf({ sourceBytes, trials, chosen }: CandidateDrawing): readonly Point[] {
  const front = onFront(trials);
  const candidates = trials.flatMap((trial): Point[] => {
    const { name, bytes, report } = trial;
    const ratio = timeRatio(report);
    if (ratio === undefined) return [];
    const known = front.includes(trial) ? colours.front : colours.other;
    const colour = report.findings.length > 0 ? colours.refused : known;
    const [quality, told] = [qualityOf(report), qualityWords(report)];
    return [{ name, ratio, quality, bytes, colour, told, isBold: trial === chosen }];
  });
  const source = {
    name: 'source',
    ratio: 1,
    quality: 1,
    bytes: sourceBytes,
    colour: '#000000',
    told: '',
    isBold: false,
  };
  return [source, ...candidates];
}
