import progress, { type SingleBar } from 'cli-progress';

/** How many lines a file has of a training. */
const lines = 20;

/** A bar on a terminal, of steps of a training and their loss; some lines where stderr is a file. */
export class TrainingProgress {
  #bar: SingleBar | undefined;

  /** Hears of a step, of so many. */
  step(step: number, steps: number, loss: number): void {
    if (!process.stderr.isTTY) {
      const isTold = Math.floor((lines * step) / steps) > Math.floor((lines * (step - 1)) / steps);
      if (isTold) console.error(`step ${step} of ${steps}, loss ${loss.toPrecision(3)}`);
      return;
    }
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
