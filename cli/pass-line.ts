import type { EpochLoss } from '../src/core/training/epoch-loss.ts';
import { threeDigits } from './three-digits.ts';
import { validationWords } from './validation-words.ts';

/** How many lines a file has of a training. */
const lines = 50;

/** What there is to say of a pass that is over, where nobody watches: of many passes, of some alone. */
export function passLine({ epoch, loss, validationLoss }: EpochLoss, epochs: number): string | undefined {
  if (epoch !== 1 && epoch % Math.ceil(epochs / lines) !== 0) return undefined;
  return `pass ${epoch} of ${epochs} at most: loss ${threeDigits(loss)}${validationWords(validationLoss)}`;
}
