import type { EpochLoss } from '../src/core/training/epoch-loss.ts';
import { threeDigits } from './three-digits.ts';
import { validationWords } from './validation-words.ts';

/** What there is to say of a pass that is over. */
export function passLine({ epoch, loss, validationLoss }: EpochLoss, epochs: number): string {
  return `pass ${epoch} of ${epochs} at most: loss ${threeDigits(loss)}${validationWords(validationLoss)}`;
}
