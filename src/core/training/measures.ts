/** A measure of a model, as `metrics` of its manifest have it. */
export interface Measure {
  readonly key: string;
  /** What people call it. */
  readonly title: string;
  /** Of 1. */
  readonly isShare?: true;
  /** The less the better; without it the more. */
  readonly isLoss?: true;
  /** Whether a version that is worse by it is worse: not where one that is better as a whole may have less. */
  readonly decides?: true;
}

/** In the order in which they are told. */
export const measures: readonly Measure[] = [
  { key: 'accuracy', title: 'accuracy', isShare: true, decides: true },
  { key: 'precision', title: 'precision (macro)', isShare: true },
  { key: 'recall', title: 'recall (macro)', isShare: true },
  { key: 'f1', title: 'F1 (macro)', isShare: true, decides: true },
  { key: 'f1Weighted', title: 'F1 (weighted)', isShare: true, decides: true },
  { key: 'f1Micro', title: 'F1 (micro)', isShare: true, decides: true },
  { key: 'rocAuc', title: 'ROC AUC', isShare: true },
  { key: 'calibrationError', title: 'calibration error', isShare: true, isLoss: true },
  { key: 'cosine', title: 'cosine similarity', decides: true },
  { key: 'mae', title: 'mean error', isLoss: true, decides: true },
  { key: 'rmse', title: 'root of mean square', isLoss: true, decides: true },
  { key: 'r2', title: 'R²', decides: true },
];
