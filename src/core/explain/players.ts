import type { ItemInputs } from '../tasks/flow.ts';

/** 1 in the place of each player that is there, 0 of each that the baseline stands for. */
export type Coalition = Uint8Array;

/** What an answer is shared out among: the columns, words, regions, spans or bytes of an item. */
export interface Players {
  readonly count: number;
  /** What stands in the place of one that is left out, in words. */
  readonly baseline: string;
  /** Inputs of a coalition: one for each row of the baseline, over which its worth is the mean. */
  readonly rows: number;
  /** Tensors of each row. Rejects with 400 for an item that the model cannot take. */
  inputs(present: Coalition): Promise<readonly ItemInputs[]>;
  /** Whether the baseline has something else, in any of its rows, in the place of each player. */
  readonly varies: readonly boolean[];
  /** What the answer has of each player beside its weight. */
  readonly shown: readonly Readonly<Record<string, unknown>>[];
  /** Where all players are numbers of which there is a sample: what LIME draws around them. */
  readonly numbers?: NumberPlayers;
}

/** Players that are numbers, each with the mean and deviation of the baseline's rows. */
export interface NumberPlayers {
  readonly values: readonly number[];
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** The item with other numbers. */
  at(values: readonly number[]): Promise<ItemInputs>;
}
