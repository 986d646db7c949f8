import type { Session } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';

/** What a model is for, as far as its answers can be right or wrong. */
export interface Task {
  /** The output that answers. */
  readonly output: string;
  /** The class that is right, by the order of cases; undefined where that is not known, or is not to count. */
  readonly labels: readonly (number | undefined)[];
  /**
   * Samples whose vectors a head was fitted to that tells classes apart, none of which counts; undefined where the
   * model itself does.
   */
  readonly fittedTo?: number;
  /** The class that an answer stands for. */
  classOf(answer: Tensor): number;
  /**
   * The same of a model that was made, where its answers are told apart in a way of their own. Rejects where it cannot
   * be asked.
   */
  refit?(made: Session): Promise<(answer: Tensor) => number>;
}
