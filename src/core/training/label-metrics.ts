import { wilson } from '../factory/wilson.ts';
import { bootstrap } from './bootstrap.ts';
import { type ClassScores, type CountedClass, meanScores, scoresOf } from './counted-scores.ts';
import type { Estimate } from './estimate.ts';
import { rocCurves } from './roc-curves.ts';

/**
 * How good a model is that tells of each label for itself whether a row has it. Macro: the mean over labels; micro:
 * over all rows and labels.
 */
export interface LabelMetrics {
  readonly rows: number;
  /** Rows of which all labels are right. */
  readonly accuracy: Estimate;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: Estimate;
  readonly f1Micro: Estimate;
  /** Of each label; absent where no label is of some rows and not of others. */
  readonly rocAuc?: Estimate;
  readonly byLabel: readonly ClassScores[];
}

/**
 * What was wanted, 1 or 0 for each label, a row after the other, and the logits that a model gave, of which those above
 * 0 say yes. The interval of `accuracy` is Wilson's; all others are bootstrapped.
 *
 * Source: scikit-learn's definitions (precision_recall_fscore_support of multilabel targets with zero_division=0,
 * accuracy_score, roc_auc_score).
 */
export function labelMetrics(wanted: readonly number[], logits: ArrayLike<number>, labels: number): LabelMetrics {
  const rows = wanted.length / labels;
  const isOf = (row: number, label: number) => wanted[row * labels + label] === 1;
  const isSaid = (row: number, label: number) => (logits[row * labels + label] as number) > 0;
  const curves = rocCurves({ rows, scores: logits, classes: labels, isOf });
  const count = (counts: ArrayLike<number>): readonly CountedClass[] =>
    Array.from({ length: labels }, (_label, label) => {
      let [had, said, right] = [0, 0, 0];
      for (let row = 0; row < rows; row += 1) {
        const times = counts[row] as number;
        if (isOf(row, label)) had += times;
        if (isSaid(row, label)) said += times;
        if (isOf(row, label) && isSaid(row, label)) right += times;
      }
      return { had, said, right };
    });
  const estimates = bootstrap(rows, (counts) => {
    const counted = count(counts);
    const all = { had: sumOf(counted, 'had'), said: sumOf(counted, 'said'), right: sumOf(counted, 'right') };
    return {
      ...meanScores(counted),
      f1Micro: scoresOf(all).f1,
      rocAuc: curves(counts),
    };
  }) as Pick<LabelMetrics, 'precision' | 'recall' | 'f1' | 'f1Micro' | 'rocAuc'>;
  let right = 0;
  for (let row = 0; row < rows; row += 1)
    if (Array.from({ length: labels }, (_label, label) => isOf(row, label) === isSaid(row, label)).every(Boolean))
      right += 1;
  return {
    rows,
    accuracy: { value: right / rows, ...wilson(right, rows) },
    ...estimates,
    byLabel: count(new Uint8Array(rows).fill(1)).map(scoresOf),
  };
}

function sumOf(counted: readonly CountedClass[], key: keyof CountedClass): number {
  return counted.reduce((sum, each) => sum + each[key], 0);
}
