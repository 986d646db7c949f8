/** A measure of a model, as `metrics` of its manifest have it. */
export interface Measure {
  readonly key: string;
  /** What it is measured of. */
  readonly of: 'classes' | 'vectors' | 'numbers';
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
  { key: 'accuracy', of: 'classes', title: 'accuracy', isShare: true, decides: true },
  { key: 'precision', of: 'classes', title: 'precision (macro)', isShare: true },
  { key: 'recall', of: 'classes', title: 'recall (macro)', isShare: true },
  { key: 'f1', of: 'classes', title: 'F1 (macro)', isShare: true, decides: true },
  { key: 'f1Weighted', of: 'classes', title: 'F1 (weighted)', isShare: true, decides: true },
  { key: 'f1Micro', of: 'classes', title: 'F1 (micro)', isShare: true, decides: true },
  { key: 'rocAuc', of: 'classes', title: 'ROC AUC', isShare: true },
  { key: 'calibrationError', of: 'classes', title: 'calibration error', isShare: true, isLoss: true },
  { key: 'cosine', of: 'vectors', title: 'cosine similarity', decides: true },
  { key: 'mae', of: 'numbers', title: 'mean error', isLoss: true, decides: true },
  { key: 'rmse', of: 'numbers', title: 'root of mean square', isLoss: true, decides: true },
  { key: 'r2', of: 'numbers', title: 'R²', decides: true },
];
