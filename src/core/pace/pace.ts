import { nextTurn } from './next-turn.ts';

/** How long the event loop is held in a row. */
const longestMs = 10;

/** Says when work that holds the event loop is to let others have their turn. */
export class Pace {
  #beganMs = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#beganMs >= longestMs;
  }

  /** Waits until the event loop has turned. */
  async giveWay(): Promise<void> {
    await nextTurn();
    this.#beganMs = performance.now();
  }
}
