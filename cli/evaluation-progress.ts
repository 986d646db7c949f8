import progress, { type SingleBar } from 'cli-progress';

/** A bar on a terminal, of rows that an explanation has run the model on, which is gone at its end. */
export class EvaluationProgress {
  #bar: SingleBar | undefined;

  /** Hears of rows that were run, of those that there will be at most. */
  show(evaluations: number, most: number): void {
    if (!process.stderr.isTTY) return;
    if (!this.#bar) {
      const format = '{bar} {value} of {total} evaluations at most';
      this.#bar = new progress.SingleBar({ stream: process.stderr, barsize: 20, clearOnComplete: true, format });
      this.#bar.start(most, 0);
    }
    this.#bar.setTotal(most);
    this.#bar.update(evaluations);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
