import { percentText } from '../percent-text.ts';
import type { Metrics } from './measure.ts';
import type { TrainingReport } from './training-report.ts';

/** From so many on, the interval of a share is some twenty points wide where most rows are right. */
const enough = 30;

/**
 * What to note of a training that was measured by few rows: what it says of itself is hardly known. Undefined where
 * there were enough.
 */
export function fewRowsNote({ train }: TrainingReport['rows'], metrics: Metrics): string | undefined {
  const { rows } = metrics;
  if (rows >= enough) return undefined;
  const what =
    'accuracy' in metrics
      ? `its accuracy may be anything from ${percentText(metrics.accuracy.low)} to ${percentText(metrics.accuracy.high)}`
      : 'how far it is off is hardly known';
  return `it learned from ${count(train)} and was measured by ${count(rows)} alone: ${what}. More rows, or others with --test, tell`;
}

function count(rows: number): string {
  return rows === 1 ? '1 row' : `${rows} rows`;
}
