import type { TextPart } from '../src/core/charts/fitted-text.ts';
import { escaped } from '../src/core/escaped.ts';
import type { TrainingReport } from '../src/core/training/training-report.ts';
import { drawConfusion } from './draw-confusion.ts';
import { metricFacts } from './metric-facts.ts';
import { oneDigit } from './one-digit.ts';
import { svgAxes } from './svg-axes.ts';
import { svgPicture } from './svg-picture.ts';
import { threeDigits } from './three-digits.ts';

const width = 860;
const margin = 30;
const plot = { left: 70, right: 800, top: 80, bottom: 380 };
const colours = { loss: '#0072b2', validationLoss: '#d55e00' };
const words = { loss: 'rows that it learns from', validationLoss: 'rows that it is stopped by' };
const bestStroke = 'stroke="#999999" stroke-dasharray="4"';
const line = 18;
const legendTop = 48;
const legendWidth = 220;

/** The curve of a training, what was measured, and the confusion matrix, in SVG. */
export function drawTraining(title: readonly TextPart[], report: TrainingReport): string {
  const { metrics, classes } = report;
  const facts = metrics ? metricFacts(metrics) : [];
  const factsTop = plot.bottom + 70;
  const bottom = factsTop + facts.length * line;
  const left = plot.left;
  const table =
    metrics?.kind === 'classes'
      ? drawConfusion(metrics.confusion, classes ?? [], { left, top: bottom + line })
      : { marks: [], right: 0, bottom };
  const size = { width: Math.max(width, table.right + margin), height: table.bottom + margin };
  return svgPicture({ title, left, width: Math.ceil(size.width), height: Math.ceil(size.height) }, [
    ...curve(report),
    ...facts.map(([name, text], at) => {
      const y = factsTop + at * line;
      return `<text x="${left}" y="${y}">${escaped(name)}</text><text x="${left + 170}" y="${y}">${escaped(text)}</text>`;
    }),
    ...table.marks,
  ]);
}

function curve({ curve: passes, bestEpoch }: TrainingReport): readonly string[] {
  const keys = (['loss', 'validationLoss'] as const).filter((key) => passes.some((pass) => pass[key] !== undefined));
  const values = passes.flatMap((pass) => keys.map((key) => pass[key] ?? 0));
  const most = Math.max(...values, Number.MIN_VALUE);
  const x = (epoch: number) => plot.left + ((epoch - 1) / Math.max(1, passes.length - 1)) * (plot.right - plot.left);
  const y = (loss: number) => plot.bottom - (loss / most) * (plot.bottom - plot.top);
  const path = (key: keyof typeof colours) => {
    const points = passes.flatMap((pass) =>
      pass[key] === undefined ? [] : [`${oneDigit(x(pass.epoch))},${oneDigit(y(pass[key]))}`],
    );
    // A line of one point is not seen.
    if (passes.length === 1)
      return `<circle cx="${plot.left}" cy="${oneDigit(y(passes[0]?.[key] ?? 0))}" r="4" fill="${colours[key]}"/>`;
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colours[key]}" stroke-width="1.5"/>`;
  };
  const best = oneDigit(x(bestEpoch));
  return [
    ...keys.flatMap((key, at) => legend(at, words[key], `stroke="${colours[key]}" stroke-width="1.5"`)),
    ...legend(keys.length, `the best pass: ${bestEpoch}`, bestStroke),
    svgAxes(plot),
    `<path d="M${best} ${plot.top}V${plot.bottom}" ${bestStroke}/>`,
    ...[0, 0.5, 1].map(
      (part) =>
        `<text x="${plot.left - 6}" y="${oneDigit(y(part * most) + 4)}" text-anchor="end">${threeDigits(part * most)}</text>`,
    ),
    `<text x="${plot.left}" y="${plot.top - 10}" text-anchor="end">loss</text>`,
    ...[...new Set([1, passes.length])].map(
      (pass) => `<text x="${oneDigit(x(pass))}" y="${plot.bottom + 18}" text-anchor="middle">${pass}</text>`,
    ),
    `<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 36}" text-anchor="middle">passes over the rows</text>`,
    ...keys.map(path),
  ];
}

/** What a line stands for, over the plot, where no line goes. */
function legend(place: number, text: string, stroke: string): readonly string[] {
  const left = plot.left + place * legendWidth;
  return [
    `<path d="M${left} ${legendTop - 4}h24" fill="none" ${stroke}/>`,
    `<text x="${left + 30}" y="${legendTop}">${text}</text>`,
  ];
}
