import { escaped } from '../src/core/escaped.ts';
import type { TrainingReport } from '../src/core/training/training-report.ts';

import { metricFacts } from './metric-facts.ts';
import { oneDigit } from './one-digit.ts';
import { svgAxes } from './svg-axes.ts';
import { svgPicture } from './svg-picture.ts';
import { threeDigits } from './three-digits.ts';

const width = 860;
const plot = { left: 70, right: 800, top: 50, bottom: 350 };
const colours = { loss: '#0072b2', validationLoss: '#d55e00' };
const words = { loss: 'rows that it learns from', validationLoss: 'rows that it is stopped by' };
const line = 18;
const tableSide = 640;
/** Past these, names and counts are in the titles of fields alone. */
const mostNames = 40;
const mostCounts = 20;

/** The curve of a training, what was measured, and the confusion matrix, in SVG. */
export function drawTraining(title: string, report: TrainingReport): string {
  const { metrics, classes } = report;
  const facts = metrics ? metricFacts(metrics) : [];
  const factsTop = plot.bottom + 70;
  const tableTop = factsTop + facts.length * line + 30;
  const table = metrics?.kind === 'classes' ? confusion(metrics.confusion, classes ?? [], tableTop) : [];
  const height = table.length > 0 ? tableTop + tableSide + 30 : tableTop;
  return svgPicture({ title, left: plot.left, width, height }, [
    ...curve(report),
    ...facts.map(([name, text], at) => {
      const y = factsTop + at * line;
      return `<text x="${plot.left}" y="${y}">${escaped(name)}</text><text x="${plot.left + 170}" y="${y}">${escaped(text)}</text>`;
    }),
    ...table,
  ]);
}

function curve({ curve: passes, bestEpoch }: TrainingReport): readonly string[] {
  const values = passes.flatMap(({ loss, validationLoss }) => [
    loss,
    ...(validationLoss === undefined ? [] : [validationLoss]),
  ]);
  const most = Math.max(...values, Number.MIN_VALUE);
  const x = (epoch: number) => plot.left + ((epoch - 1) / Math.max(1, passes.length - 1)) * (plot.right - plot.left);
  const y = (loss: number) => plot.bottom - (loss / most) * (plot.bottom - plot.top);
  const path = (key: keyof typeof colours, at: number) => {
    const points = passes.flatMap((pass) =>
      pass[key] === undefined ? [] : [`${oneDigit(x(pass.epoch))},${oneDigit(y(pass[key]))}`],
    );
    if (points.length === 0) return [];
    return [
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colours[key]}" stroke-width="1.5"/>`,
      `<text x="${plot.right}" y="${plot.top + at * line}" text-anchor="end" fill="${colours[key]}">${words[key]}</text>`,
    ];
  };
  const best = oneDigit(x(bestEpoch));
  return [
    svgAxes(plot),
    `<path d="M${best} ${plot.top}V${plot.bottom}" stroke="#999999" stroke-dasharray="4"><title>the best pass: ${bestEpoch}</title></path>`,
    ...[0, 0.5, 1].map(
      (part) =>
        `<text x="${plot.left - 6}" y="${oneDigit(y(part * most) + 4)}" text-anchor="end">${threeDigits(part * most)}</text>`,
    ),
    `<text x="${plot.left}" y="${plot.top - 10}" text-anchor="end">loss</text>`,
    `<text x="${plot.left}" y="${plot.bottom + 18}" text-anchor="middle">1</text>`,
    `<text x="${plot.right}" y="${plot.bottom + 18}" text-anchor="middle">${passes.length}</text>`,
    `<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 36}" text-anchor="middle">passes over the rows</text>`,
    ...path('loss', 0),
    ...path('validationLoss', 1),
  ];
}

/** A row for each class, as dark as many of its rows are held for that of the column. */
function confusion(rows: readonly (readonly number[])[], classes: readonly string[], top: number): readonly string[] {
  const left = plot.left + 80;
  const side = Math.min(60, (tableSide - 90) / rows.length);
  const fields = rows.flatMap((row, at) => {
    const all = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, said) => {
      if (count === 0) return [];
      const share = count / all;
      const [x, y] = [left + said * side, top + 20 + at * side];
      const told = `${classes[at]}: ${count} of ${all} held for ${classes[said]}`;
      const colour = at === said ? colours.loss : colours.validationLoss;
      const field = `<rect x="${oneDigit(x)}" y="${oneDigit(y)}" width="${oneDigit(side)}" height="${oneDigit(side)}" fill="${colour}" fill-opacity="${share.toFixed(2)}"><title>${escaped(told)}</title></rect>`;
      if (rows.length > mostCounts) return [field];
      return [
        field,
        `<text x="${oneDigit(x + side / 2)}" y="${oneDigit(y + side / 2 + 4)}" text-anchor="middle">${count}</text>`,
      ];
    });
  });
  const names =
    rows.length > mostNames
      ? []
      : rows.flatMap((_row, at) => {
          const middle = oneDigit(top + 20 + (at + 0.5) * side + 4);
          return [
            `<text x="${left - 6}" y="${middle}" text-anchor="end">${escaped((classes[at] ?? '').slice(0, 16))}</text>`,
          ];
        });
  const size = oneDigit(rows.length * side);
  return [
    `<text x="${left}" y="${top + 8}">rows: what is right; columns, in the same order: what the model says</text>`,
    `<rect x="${left}" y="${top + 20}" width="${size}" height="${size}" fill="none" stroke="black"/>`,
    ...fields,
    ...names,
  ];
}
