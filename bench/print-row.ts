import { styleText } from 'node:util';
import type { BenchRow } from './bench-row.ts';
import { printCells } from './print-cells.ts';

/** Prints a row with its verdict. Returns whether it met its target; undefined: it was skipped. */
export function printRow(row: BenchRow): boolean | undefined {
  const { what, against } = row;
  if ('skipped' in row) {
    printCells(what, against, '', row.skipped, 'skipped');
    return undefined;
  }
  const { measured, unit, target, figures } = row;
  const isLeast = 'atLeast' in target;
  const met = isLeast ? measured >= target.atLeast : measured <= target.atMost;
  const verdict = met ? styleText('green', 'ok') : styleText('red', isLeast ? 'BELOW' : 'ABOVE');
  const aim = isLeast ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
  printCells(what, against, `${aim} ${unit}`, `${precise(measured)} ${unit}: ${figures}`, verdict);
  return met;
}

function precise(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 3);
}
