import type { ConversionReport } from './conversion-report.ts';

/**
 * How much a conversion says what its source says, up to 1: the share of answers that agree, or else the least cosine;
 * of several outputs, the worst.
 */
export function qualityOf({ task, outputs }: ConversionReport): number {
  if (task) return task.agreement.share;
  return Math.min(
    1,
    ...Object.values(outputs).map(({ agreement, leastCosine = 1 }) => agreement?.share ?? leastCosine),
  );
}
