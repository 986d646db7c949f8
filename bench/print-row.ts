import { styleText } from 'node:util';
import type { BenchRow } from './bench-row.ts';
import { printCells } from './print-cells.ts';

/** Prints a row with its verdict, and returns that; undefined: it has no target. */
export function printRow(row: BenchRow): 'met' | 'missed' | 'skipped' | undefined {
  const { what, against } = row;
  if ('skipped' in row) {
    printCells(what, against, '', row.skipped, 'skipped');
    return 'skipped';
  }
  const { measured, unit, target, figures } = row;
  const cells = `${precise(measured)} ${unit}: ${figures}`;
  if (!target) {
    printCells(what, against, '', cells);
    return undefined;
  }
  const isLeast = 'atLeast' in target;
  const met = isLeast ? measured >= target.atLeast : measured <= target.atMost;
  const verdict = met ? styleText('green', 'ok') : styleText('red', isLeast ? 'BELOW' : 'ABOVE');
  const aim = isLeast ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
  printCells(what, against, `${aim} ${unit}`, cells, verdict);
  return met ? 'met' : 'missed';
}

function precise(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 3);
}
