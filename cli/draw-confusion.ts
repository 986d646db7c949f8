import { fittedText, type TextPart } from '../src/core/charts/fitted-text.ts';
import { svgText } from '../src/core/charts/svg-text.ts';
import { textWidth } from '../src/core/charts/text-width.ts';
import { escaped } from '../src/core/escaped.ts';
import { oneDigit } from './one-digit.ts';

export interface DrawnTable {
  readonly marks: readonly string[];
  /** Where it ends. */
  readonly right: number;
  readonly bottom: number;
}

const right = '#0072b2';
const wrong = '#d55e00';
/** Sides of a field: as large as this, small enough for the table to be as large as that, but no smaller than this. */
const [mostSide, tableSide, leastSide] = [56, 640, 10];
/** Past so many classes names would be too small to read: numbers, and the titles of fields, tell of them. */
const mostNames = 100;
const numberedSide = 900;
/** Fields that are smaller have their counts in titles alone. */
const countedSide = 24;
/** Of a name, by the size of its letters. */
const nameRoom = 20;

/** A confusion matrix in SVG: a row for each class, in it fields as dark as many of its rows the model says are that. */
export function drawConfusion(
  rows: readonly (readonly number[])[],
  classes: readonly string[],
  { left, top }: { readonly left: number; readonly top: number },
): DrawnTable {
  const hasNames = rows.length <= mostNames;
  const side = hasNames
    ? Math.max(leastSide, Math.min(mostSide, tableSide / rows.length))
    : Math.max(1, numberedSide / rows.length);
  const names = hasNames ? classes : rows.map((_row, at) => String(at));
  const size = hasNames ? Math.min(12, side * 0.9) : 12;
  const margin = Math.max(...names.map((name) => textWidth(fittedText(cuttable(name), nameRoom)))) * size + 6;
  const [x, y] = [left + margin, top + 20 + margin];
  const table = oneDigit(side * rows.length);
  const numbers = hasNames ? '' : '; classes by their numbers, from 0';
  return {
    marks: [
      `<text x="${left}" y="${top}">rows: what is right; columns: what the model says${numbers}</text>`,
      ...labels(names, hasNames ? 1 : tickStep(side), { x, y, side, size }),
      ...rows.flatMap((row, at) => fieldsOf(row, at, classes, { x, y, side })),
      `<rect x="${oneDigit(x)}" y="${oneDigit(y)}" width="${table}" height="${table}" fill="none" stroke="black"/>`,
    ],
    right: x + side * rows.length,
    bottom: y + side * rows.length,
  };
}

function cuttable(name: string): readonly TextPart[] {
  return [{ text: name, cut: 'middle' }];
}

/** How many numbers apart those are that stand beside a table. */
function tickStep(side: number): number {
  return [10, 20, 50, 100, 200, 500].find((step) => step * side >= 16) ?? 1000;
}

interface Grid {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** Names of classes, or numbers of some: beside the rows, and upwards over the columns. */
function labels(
  names: readonly string[],
  step: number,
  { x, y, side, size }: Grid & { size: number },
): readonly string[] {
  return names.flatMap((name, at) => {
    if (at % step !== 0) return [];
    const middle = (at + 0.5) * side + size / 3;
    const text = (attributes: string) =>
      svgText(`${attributes} font-size="${oneDigit(size)}"`, cuttable(name), nameRoom);
    const [column, over] = [oneDigit(x + middle), oneDigit(y - 5)];
    return [
      text(`x="${oneDigit(x - 5)}" y="${oneDigit(y + middle)}" text-anchor="end"`),
      text(`x="${column}" y="${over}" transform="rotate(-90 ${column} ${over})"`),
    ];
  });
}

function fieldsOf(
  row: readonly number[],
  at: number,
  classes: readonly string[],
  { x, y, side }: Grid,
): readonly string[] {
  const all = row.reduce((sum, count) => sum + count, 0);
  return row.flatMap((count, said) => {
    if (count === 0) return [];
    const [fieldX, fieldY] = [x + said * side, y + at * side];
    const told = `${classes[at]}: ${count} of ${all} held for ${classes[said]}`;
    // One row of many is to be seen as well.
    const opacity = 0.15 + (0.85 * count) / all;
    const field = `<rect x="${oneDigit(fieldX)}" y="${oneDigit(fieldY)}" width="${oneDigit(side)}" height="${oneDigit(side)}" fill="${at === said ? right : wrong}" fill-opacity="${opacity.toFixed(2)}"><title>${escaped(told)}</title></rect>`;
    if (side < countedSide) return [field];
    const colour = opacity > 0.6 ? ' fill="white"' : '';
    return [
      field,
      `<text x="${oneDigit(fieldX + side / 2)}" y="${oneDigit(fieldY + side / 2 + 4)}" text-anchor="middle"${colour}>${count}</text>`,
    ];
  });
}
