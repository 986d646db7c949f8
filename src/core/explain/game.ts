import type { Coalition } from './players.ts';

/** Players, and what each coalition of them is worth: the score of the model. */
export interface Game {
  readonly players: number;
  /** What all of them are worth, and none. */
  readonly whole: number;
  readonly nothing: number;
  /** What each is worth, in order, as the model answers. */
  worth(coalitions: readonly Coalition[]): AsyncIterable<number>;
  /**
   * For between the steps of long work: lets others have their turn where this work had its own. Rejects with 504 once
   * the caller left or the deadline passed.
   */
  pause(): Promise<void>;
}
