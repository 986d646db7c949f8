import progress, { type SingleBar } from 'cli-progress';
import type { EpochLoss } from '../src/core/training/epoch-loss.ts';
import { passLine } from './pass-line.ts';
import { threeDigits } from './three-digits.ts';
import { validationWords } from './validation-words.ts';

/** How many lines a file has of a training at most, about. */
const lines = 50;
const heights = '▁▂▃▄▅▆▇█';
const mostPoints = 24;
/** Between two lines, where nobody watches. */
const lineMs = 1000;

/** A bar on a terminal with the curve of a training so far; some lines where stderr is a file. */
export class EpochProgress {
  readonly #bar: SingleBar | undefined;
  readonly #epochs: number;
  #told = Number.NEGATIVE_INFINITY;
  /** The last pass, while nothing was said of it. */
  #untold: EpochLoss | undefined;

  /** Passes that are over. */
  #done = 0;

  /** Of so many passes at most, after those that were made before. */
  constructor(epochs: number, hasBar: boolean, curve: readonly EpochLoss[] = []) {
    this.#epochs = epochs;
    if (!process.stderr.isTTY || !hasBar) return;
    const format = '{bar} {done} of {total} passes at most · loss {loss}{validation} {curve}';
    this.#bar = new progress.SingleBar({ stream: process.stderr, barsize: 20, format });
    this.#bar.start(epochs, 0, { done: 0, loss: '…', validation: '', curve: '' });
    this.#draw(curve);
  }

  /** Hears of a step of the pass that goes on. */
  step(step: number, of: number): void {
    this.#bar?.update(this.#done + step / of);
  }

  /** Hears of a pass that is over. */
  epoch(curve: readonly EpochLoss[]): void {
    const last = curve.at(-1);
    if (!last) return;
    if (!process.stderr.isTTY) this.#hear(last);
    this.#draw(curve);
  }

  /** Says what there is left to say: how the last pass went. */
  stop(): void {
    this.#bar?.stop();
    if (this.#untold) console.error(passLine(this.#untold, this.#epochs));
  }

  #draw(curve: readonly EpochLoss[]): void {
    const last = curve.at(-1);
    if (!last) return;
    this.#done = last.epoch;
    this.#bar?.update(last.epoch, {
      done: last.epoch,
      loss: threeDigits(last.loss),
      validation: validationWords(last.validationLoss),
      curve: sparkline(curve.map((each) => each.validationLoss ?? each.loss)),
    });
  }

  #hear(pass: EpochLoss): void {
    const now = performance.now();
    const isDue =
      now >= this.#told + lineMs && (pass.epoch === 1 || pass.epoch % Math.ceil(this.#epochs / lines) === 0);
    this.#untold = isDue ? undefined : pass;
    if (!isDue) return;
    this.#told = now;
    console.error(passLine(pass, this.#epochs));
  }
}

/** The last values, each as high as it is among them. */
function sparkline(values: readonly number[]): string {
  const shown = values.slice(-mostPoints);
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const step = (value: number) => Math.round(((value - least) / (most - least || 1)) * (heights.length - 1));
  return shown.map((value) => heights[step(value)]).join('');
}
