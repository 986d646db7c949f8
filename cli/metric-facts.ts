import { percentText } from '../src/core/percent-text.ts';
import type { Estimate } from '../src/core/training/estimate.ts';
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
const others = [
  ['cosine', 'cosine similarity'],
  ['mae', 'mean error'],
  ['rmse', 'root of mean square'],
  ['r2', 'R²'],
] as const;

/** What was measured, a line for each measure, with its interval of 95 %. */
export function metricFacts(metrics: object): readonly (readonly [title: string, text: string])[] {
  const measured = metrics as Readonly<Record<string, unknown>>;
  return [...shares, ...others].flatMap(([key, title]) => {
    const measure = measured[key];
    const text = shares.some(([share]) => share === key) ? percentText : threeDigits;
    return isEstimate(measure) ? [[title, words(measure, text)] as const] : [];
  });
}

function isEstimate(measure: unknown): measure is Estimate {
  const { value, low, high } = Object(measure);
  return [value, low, high].every((each) => typeof each === 'number');
}

function words({ value, low, high }: Estimate, text: (value: number) => string): string {
  return `${text(value)} (${text(low)} to ${text(high)})`;
}
