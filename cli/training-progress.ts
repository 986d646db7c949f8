import progress, { type SingleBar } from 'cli-progress';

/** A bar on a terminal, of steps of a training and their loss; nothing where stderr is a file. */
export class TrainingProgress {
  #bar: SingleBar | undefined;

  /** Hears of a step, of so many. */
  step(step: number, steps: number, loss: number): void {
    if (!process.stderr.isTTY) return;
    if (!this.#bar) {
      const format = '{bar} {value}/{total} steps · loss {loss} · {eta_formatted} left';
      this.#bar = new progress.SingleBar({ stream: process.stderr, barsize: 20, format });
      this.#bar.start(steps, 0, { loss: '' });
    }
    this.#bar.update(step, { loss: loss.toPrecision(3) });
  }

  stop(): void {
    this.#bar?.stop();
  }
}
