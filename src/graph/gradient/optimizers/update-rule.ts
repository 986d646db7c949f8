import type { GraphBuilder } from '../graph-builder.ts';

/** One parameter and what changes it. */
export interface Update {
  readonly graph: GraphBuilder;
  readonly parameter: string;
  readonly gradient: string;
  /** What is kept of earlier steps, in the order of `states`. */
  readonly states: readonly string[];
  /** The learning rate, a scalar of DOUBLE. */
  readonly rate: string;
  /** How many steps there have been, this one too: a scalar of DOUBLE. */
  readonly step: string;
  /** Whether it is drawn to 0: weights are, biases are not. */
  readonly decays: boolean;
}

/** An optimizer as part of a graph. */
export interface UpdateRule {
  /** Names of what is kept for each parameter from one step to the next: of its shape, zeros at first. */
  readonly states: readonly string[];
  /**
   * Adds the next value of a parameter and of its states.
   *
   * The results may be written to where the old values are: no node reads an old value that is not before the node that gives the new one.
   */
  add(update: Update): { readonly parameter: string; readonly states: readonly string[] };
}
