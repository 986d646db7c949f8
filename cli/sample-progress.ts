import progress, { type SingleBar } from 'cli-progress';

/** A bar on a terminal, of samples that models have answered; nothing where stderr is a file. */
export class SampleProgress {
  readonly #bar: SingleBar | undefined;

  constructor(total: number) {
    if (!process.stderr.isTTY) return;
    const format = '{bar} {value}/{total} samples · {name} · {eta_formatted} left';
    this.#bar = new progress.SingleBar({ stream: process.stderr, barsize: 20, format });
    this.#bar.start(total, 0, { name: '' });
  }

  /** Hears which model comes next. */
  next(name: string): void {
    this.#bar?.update({ name });
  }

  /** Hears of a sample that was answered. */
  answered(): void {
    this.#bar?.increment();
  }

  stop(): void {
    this.#bar?.stop();
  }
}
