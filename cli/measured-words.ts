import type { ComparedMeasure } from '../src/core/releases/compare-metrics.ts';
import { measures } from '../src/core/training/measures.ts';
import { estimateText } from './estimate-text.ts';

/** What is measured, and what it was and is of two versions. */
export function measuredWords({ measure, before, after }: ComparedMeasure) {
  const { title, isShare } = measures.find(({ key }) => key === measure) ?? { title: measure };
  return { title, was: estimateText(before, isShare), is: estimateText(after, isShare) };
}
