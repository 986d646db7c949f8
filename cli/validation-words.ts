import { threeDigits } from './three-digits.ts';

/** What the rows that a training is stopped by say, behind its loss; empty where there are none. */
export function validationWords(loss: number | undefined): string {
  return loss === undefined ? '' : `, of rows to stop by ${threeDigits(loss)}`;
}
