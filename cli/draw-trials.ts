import type { TextPart } from '../src/core/charts/fitted-text.ts';
import type { LoadPoint } from '../src/core/tuning/load-point.ts';
import type { Trial } from '../src/core/tuning/trial.ts';
import { countOf } from './count-of.ts';
import { oneDigit } from './one-digit.ts';
import { settingsWords } from './settings-words.ts';
import { svgAxes } from './svg-axes.ts';
import { svgPicture } from './svg-picture.ts';
import { threeDigits } from './three-digits.ts';

const [width, height] = [860, 480];
const plot = { left: 70, right: 560, top: 40, bottom: 430 };
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#999999', '#000000'];

interface Drawing {
  readonly title: readonly TextPart[];
  readonly trials: readonly Trial[];
  readonly best: Trial;
  readonly goalMs: number;
}

interface Scales {
  x(ms: number): number;
  y(perSecond: number): number;
}

/** Requests a second against the latency of 99 of 100, a line for each trial: the text of an SVG file. */
export function drawTrials({ title, trials, best, goalMs }: Drawing): string {
  const points = trials.flatMap((trial) => trial.points);
  const shortest = Math.min(goalMs, ...points.map(({ p99Ms }) => p99Ms)) / 1.2;
  const longest = Math.max(goalMs, ...points.map(({ p99Ms }) => p99Ms)) * 1.2;
  const most = Math.max(...points.map(({ perSecond }) => perSecond)) * 1.05;
  const scales: Scales = {
    // By factors, as latencies are.
    x: (ms) => plot.left + (Math.log(ms / shortest) / Math.log(longest / shortest)) * (plot.right - plot.left),
    y: (perSecond) => plot.bottom - (perSecond / most) * (plot.bottom - plot.top),
  };
  const goal = scales.x(goalMs);
  return svgPicture({ title, left: plot.left, width, height }, [
    ...axes(scales, shortest, longest, most),
    `<line x1="${oneDigit(goal)}" y1="${plot.top}" x2="${oneDigit(goal)}" y2="${plot.bottom}" stroke="black" stroke-dasharray="4"/>`,
    `<text x="${oneDigit(goal + 4)}" y="${plot.top + 10}">goal: ${goalMs} ms</text>`,
    ...trials.flatMap((trial, index) => line(trial, index, trial === best, scales)),
  ]);
}

function axes({ x, y }: Scales, shortest: number, longest: number, most: number): string[] {
  const steps = [0, 0.25, 0.5, 0.75, 1];
  return [
    svgAxes(plot),
    ...steps.map((step) => {
      const perSecond = most * step;
      return `<text x="${plot.left - 6}" y="${oneDigit(y(perSecond) + 4)}" text-anchor="end">${threeDigits(perSecond)}</text>`;
    }),
    ...steps.map((step) => {
      const ms = shortest * (longest / shortest) ** step;
      return `<text x="${oneDigit(x(ms))}" y="${plot.bottom + 18}" text-anchor="middle">${threeDigits(ms)}</text>`;
    }),
    `<text x="${plot.left}" y="${plot.top - 6}" text-anchor="end">requests/s</text>`,
    `<text x="${plot.right}" y="${plot.bottom + 38}" text-anchor="end">ms for 99 of 100 requests</text>`,
  ];
}

function line({ settings, points }: Trial, index: number, isBest: boolean, { x, y }: Scales): string[] {
  const colour = colours[index % colours.length];
  const place = ({ p99Ms, perSecond }: LoadPoint) => `${oneDigit(x(p99Ms))},${oneDigit(y(perSecond))}`;
  const top = plot.top + 18 * index;
  const words = settingsWords(settings) + (isBest ? ', best' : '');
  return [
    `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="${colour}" stroke-width="${isBest ? 3 : 1}"/>`,
    ...points.map((point) => {
      const [cx, cy] = place(point).split(',');
      const { callers, perSecond, p99Ms } = point;
      const told = `${countOf(callers, 'caller')}: ${threeDigits(perSecond)} requests/s, ${threeDigits(p99Ms)} ms`;
      return `<circle cx="${cx}" cy="${cy}" r="${isBest ? 4 : 3}" fill="${colour}"><title>${told}</title></circle>`;
    }),
    `<circle cx="${plot.right + 20}" cy="${top}" r="4" fill="${colour}"/>`,
    `<text x="${plot.right + 30}" y="${top + 4}"${isBest ? ' font-weight="bold"' : ''}>${words}</text>`,
  ];
}
