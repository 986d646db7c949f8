/** Work for later, so that tests can say when that is. */
export interface Timers {
  /** Calls `work` once all that has arrived by now was handed on. */
  afterTurn(work: () => void): void;
  /** Calls `work` in `ms` milliseconds, unless the function that this returns is called before. */
  after(ms: number, work: () => void): () => void;
}
