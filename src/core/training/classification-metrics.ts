import { wilson } from '../factory/wilson.ts';
import { softmax } from '../softmax.ts';
import { bootstrap } from './bootstrap.ts';
import { calibrationError } from './calibration-error.ts';
import { type ClassScores, type CountedClass, meanScores, scoresOf } from './counted-scores.ts';
import type { Estimate } from './estimate.ts';
import { logOdds } from './log-odds.ts';
import { rocCurves } from './roc-curves.ts';

/** What a model says of rows whose classes are known. */
export interface Classified {
  /** The class of each row. */
  readonly labels: readonly number[];
  /** Of each row those of all classes. */
  readonly logits: readonly (readonly number[])[];
}

/** How good a model is that tells classes. Macro: the mean over classes; weighted: over rows. */
export interface ClassificationMetrics {
  readonly rows: number;
  readonly accuracy: Estimate;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: Estimate;
  readonly f1Weighted: Estimate;
  /** Of each class against all others; absent where rows are of one class. Of two classes both are the same. */
  readonly rocAuc?: Estimate;
  readonly calibrationError: Estimate;
  /** Rows by their class, and in it by the class that the model says. */
  readonly confusion: readonly (readonly number[])[];
  readonly byClass: readonly ClassScores[];
}

/**
 * Accuracy has Wilson's interval, which says something where all rows are right too; all others are bootstrapped.
 *
 * Source: scikit-learn's definitions (precision_recall_fscore_support with zero_division=0, which are of the classes
 * that rows are of, or are said to be of; roc_auc_score with multi_class="ovr").
 */
export function classificationMetrics({ labels, logits }: Classified): ClassificationMetrics {
  const classes = logits[0]?.length ?? 0;
  const probabilities = logits.map(softmax);
  const said = probabilities.map((row) =>
    row.reduce((best, each, at) => (each > (row[best] as number) ? at : best), 0),
  );
  const confusionOf = (counts: Uint32Array) => {
    const table = new Float64Array(classes * classes);
    for (const [row, label] of labels.entries()) {
      const at = label * classes + (said[row] as number);
      table[at] = (table[at] as number) + (counts[row] as number);
    }
    return table;
  };
  const isOf = (row: number, place: number) => labels[row] === place;
  const curves = rocCurves({ rows: labels.length, classes, scores: logits.flatMap(logOdds), isOf });
  const calibration = calibrationError(
    labels.map((label, row) => said[row] === label),
    said.map((each, row) => probabilities[row]?.[each] as number),
  );
  const measure = (counts: Uint32Array) => {
    const counted = countedIn(confusionOf(counts), classes);
    const weighted = counted.reduce((sum, each) => sum + each.had * scoresOf(each).f1, 0);
    return {
      ...meanScores(counted.filter(({ had, said }) => had + said > 0)),
      f1Weighted: weighted / labels.length,
      rocAuc: curves(counts),
      calibrationError: calibration(counts),
    };
  };
  const estimates = bootstrap(labels.length, measure, ['calibrationError']) as Pick<
    ClassificationMetrics,
    'precision' | 'recall' | 'f1' | 'f1Weighted' | 'rocAuc' | 'calibrationError'
  >;
  const table = confusionOf(new Uint32Array(labels.length).fill(1));
  const right = said.filter((each, row) => each === labels[row]).length;
  return {
    rows: labels.length,
    accuracy: { value: right / labels.length, ...wilson(right, labels.length) },
    ...estimates,
    confusion: Array.from({ length: classes }, (_row, at) => [...table.slice(at * classes, (at + 1) * classes)]),
    byClass: countedIn(table, classes).map(scoresOf),
  };
}

function countedIn(table: Float64Array, classes: number): readonly CountedClass[] {
  return Array.from({ length: classes }, (_class, at) => {
    let [had, said] = [0, 0];
    for (let other = 0; other < classes; other += 1) {
      had += table[at * classes + other] as number;
      said += table[other * classes + at] as number;
    }
    return { had, said, right: table[at * classes + at] as number };
  });
}
