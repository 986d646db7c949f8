import type { ConversionReport } from '../src/core/factory/conversion-report.ts';
import { qualityOf } from '../src/core/factory/quality-of.ts';
import { shareWords } from '../src/core/factory/share-words.ts';

/** How much a conversion says what its source says. */
export function qualityWords(report: ConversionReport): string {
  const { task, outputs, samples } = report;
  if (samples === 0) return 'unknown';
  if (task) return `${shareWords(task.agreement)}, ${(-task.lossPoints).toFixed(2)} points`;
  const shares = Object.values(outputs).flatMap(({ agreement }) => agreement ?? []);
  const [worst] = shares.toSorted((a, b) => a.share - b.share);
  return worst ? shareWords(worst) : `cosine ${qualityOf(report).toFixed(4)} at least`;
}
