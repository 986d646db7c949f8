import progress, { type SingleBar } from 'cli-progress';
import { countOf } from './count-of.ts';
import { grouped } from './grouped.ts';

/** How often a file is told how far it is. */
const everyMs = 10_000;

/** A bar on a terminal, of samples that models have answered; a line now and then where stderr is a file. */
export class SampleProgress {
  readonly #bar: SingleBar | undefined;
  readonly #total: number;
  #name = '';
  #count = 0;
  #toldMs = performance.now();

  constructor(total: number) {
    this.#total = total;
    if (!process.stderr.isTTY) return;
    const format = '{bar} {value}/{total} samples · {name} · {eta_formatted} left';
    this.#bar = new progress.SingleBar({ stream: process.stderr, barsize: 20, format });
    this.#bar.start(total, 0, { name: '' });
  }

  /** Hears which model comes next. */
  next(name: string): void {
    this.#name = name;
    this.#bar?.update({ name });
  }

  /** Hears of a sample that was answered. */
  answered(): void {
    this.#count += 1;
    this.#bar?.increment();
    const now = performance.now();
    if (this.#bar || now - this.#toldMs < everyMs) return;
    this.#toldMs = now;
    console.error(`${grouped(this.#count)} of ${countOf(this.#total, 'sample')} · ${this.#name}`);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
