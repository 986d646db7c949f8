import type { TrainingReport } from './training-report.ts';

/**
 * What to note of a training that ended because it had no more passes, when each still brought something. Undefined
 * where it ended by itself, or nobody can tell.
 *
 * @param epochs as many passes as it had
 */
export function lastPassNote(
  { curve, bestEpoch }: Pick<TrainingReport, 'curve' | 'bestEpoch'>,
  epochs: number,
): string | undefined {
  if (epochs < 2 || bestEpoch < epochs || curve.at(-1)?.validationLoss === undefined) return undefined;
  return `the last of its ${epochs} passes was the best: it was still learning, and more (--epochs) may make it better`;
}
