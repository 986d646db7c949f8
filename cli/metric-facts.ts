import { estimateOf } from '../src/core/training/estimate-of.ts';
import { measures } from '../src/core/training/measures.ts';
import { estimateText } from './estimate-text.ts';

/** What was measured, a line for each measure, with its interval of 95 %. */
export function metricFacts(metrics: object): readonly (readonly [title: string, text: string])[] {
  const measured = metrics as Readonly<Record<string, unknown>>;
  return measures.flatMap(({ key, title, isShare }) => {
    const estimate = estimateOf(measured[key]);
    return estimate ? [[title, estimateText(estimate, isShare)] as const] : [];
  });
}
