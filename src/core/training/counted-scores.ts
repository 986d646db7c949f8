/** Rows of a class: how many are of it, how many a model says are, and of how many both holds. */
export interface CountedClass {
  readonly had: number;
  readonly said: number;
  readonly right: number;
}

/** What a model does for one class. */
export interface ClassScores {
  readonly rows: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Source: scikit-learn's precision_recall_fscore_support with zero_division=0. */
export function scoresOf({ had, said, right }: CountedClass): ClassScores {
  return {
    rows: had,
    precision: said === 0 ? 0 : right / said,
    recall: had === 0 ? 0 : right / had,
    f1: had + said === 0 ? 0 : (2 * right) / (had + said),
  };
}

/** The means over classes. */
export function meanScores(counted: readonly CountedClass[]): Omit<ClassScores, 'rows'> {
  const scores = counted.map(scoresOf);
  const mean = (of: keyof ClassScores) => scores.reduce((sum, each) => sum + each[of], 0) / scores.length;
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}
