import type { Run } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';

/** A run of a converted model whose answers are known. */
export interface TrialCase {
  /** As findings call it: `samples.jsonl line 3`. */
  readonly where: string;
  readonly run: Run;
  /**
   * The answers expected in place of `outputs`, by the order of the run's `outputNames`; undefined for an output at
   * which nothing is. Rejects with an Error that says what is wrong where the two cannot be compared.
   */
  expected(outputs: readonly Tensor[]): Promise<readonly (Tensor | undefined)[]>;
}
