import type { Coalition } from './players.ts';

/** Players, and what each coalition of them is worth: the score of the model. */
export interface Game {
  readonly players: number;
  /** What all of them are worth, and none. */
  readonly whole: number;
  readonly nothing: number;
  worth(coalitions: readonly Coalition[]): Promise<readonly number[]>;
}
