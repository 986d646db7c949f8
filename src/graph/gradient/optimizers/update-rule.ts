import type { GraphBuilder } from '../graph-builder.ts';

/** Elements of parameters and what changes them. */
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
  /** 1 where they are drawn to 0, as weights are, else 0, as for biases: a scalar of DOUBLE. */
  readonly decay: string;
}

/** An optimizer as part of a graph, of each element by itself. */
export interface UpdateRule {
  /** Names of what is kept of parameters from one step to the next: zeros at first. */
  readonly states: readonly string[];
  /** Whether it draws weights to 0. */
  readonly decays: boolean;
  /**
   * Adds the next value of a parameter and of its states.
   *
   * The results may be written to where the old values are: no node reads an old value that is not before the node that
   * gives the new one.
   */
  add(update: Update): { readonly parameter: string; readonly states: readonly string[] };
}
