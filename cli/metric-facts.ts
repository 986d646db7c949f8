import { percentText } from '../src/core/percent-text.ts';
import type { Estimate } from '../src/core/training/estimate.ts';
import type { Metrics } from '../src/core/training/measure.ts';
import { threeDigits } from './three-digits.ts';

const shares = [
  ['accuracy', 'accuracy'],
  ['precision', 'precision (macro)'],
  ['recall', 'recall (macro)'],
  ['f1', 'F1 (macro)'],
  ['f1Weighted', 'F1 (weighted)'],
  ['f1Micro', 'F1 (micro)'],
  ['rocAuc', 'ROC AUC'],
  ['calibrationError', 'calibration error'],
] as const;
const vectors = [['cosine', 'cosine similarity']] as const;
const numbers = [
  ['mae', 'mean error'],
  ['rmse', 'root of mean square'],
  ['r2', 'R²'],
] as const;

/** What was measured, a line for each measure, with its interval of 95 %. */
export function metricFacts(metrics: Metrics): readonly (readonly [title: string, text: string])[] {
  const told = { classes: shares, labels: shares, numbers, vectors }[metrics.kind];
  const text = told === shares ? percentText : threeDigits;
  return told.flatMap(([key, title]) => {
    const estimate = (metrics as unknown as Readonly<Record<string, Estimate | undefined>>)[key];
    return estimate ? [[title, words(estimate, text)] as const] : [];
  });
}

function words({ value, low, high }: Estimate, text: (value: number) => string): string {
  return `${text(value)} (${text(low)} to ${text(high)})`;
}
