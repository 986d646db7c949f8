import progress, { type SingleBar } from 'cli-progress';
import type { EpochLoss } from '../src/core/training/epoch-loss.ts';
import { passLine } from './pass-line.ts';
import { threeDigits } from './three-digits.ts';
import { validationWords } from './validation-words.ts';

const heights = '▁▂▃▄▅▆▇█';
const mostPoints = 24;

/** A bar on a terminal with the curve of a training so far; some lines where stderr is a file. */
export class EpochProgress {
  readonly #bar: SingleBar | undefined;
  readonly #epochs: number;

  constructor(epochs: number, hasBar: boolean) {
    this.#epochs = epochs;
    if (!process.stderr.isTTY || !hasBar) return;
    const format = '{bar} pass {pass} of {epochs} at most · loss {loss}{validation} {curve}';
    this.#bar = new progress.SingleBar({ stream: process.stderr, barsize: 20, format });
    this.#bar.start(1, 0, { pass: 1, epochs, loss: '…', validation: '', curve: '' });
  }

  /** Hears of a step of the pass that goes on. */
  step(step: number, of: number): void {
    this.#bar?.setTotal(of);
    this.#bar?.update(step);
  }

  /** Hears of a pass that is over. */
  epoch(curve: readonly EpochLoss[]): void {
    const last = curve.at(-1);
    if (!last) return;
    const { epoch, loss, validationLoss } = last;
    const line = process.stderr.isTTY ? undefined : passLine(last, this.#epochs);
    if (line !== undefined) console.error(line);
    this.#bar?.update(0, {
      pass: Math.min(epoch + 1, this.#epochs),
      loss: threeDigits(loss),
      validation: validationWords(validationLoss),
      curve: sparkline(curve.map((each) => each.validationLoss ?? each.loss)),
    });
  }

  stop(): void {
    this.#bar?.stop();
  }
}

/** The last values, each as high as it is among them. */
function sparkline(values: readonly number[]): string {
  const shown = values.slice(-mostPoints);
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const step = (value: number) => Math.round(((value - least) / (most - least || 1)) * (heights.length - 1));
  return shown.map((value) => heights[step(value)]).join('');
}
