import type { ItemOutputs } from './flow.ts';
import { itemNumbers } from './item-numbers.ts';
import { noAnswer } from './no-answer.ts';

/**
 * The elements of an output as numbers that a caller is told, or those that are told are chosen by. Throws ServiceError
 * 500 where the model gives what is none.
 */
export function toldNumbers(outputs: ItemOutputs, name: string): readonly number[] {
  const numbers = itemNumbers(outputs, name);
  const strange = numbers.find((number) => !Number.isFinite(number));
  if (strange === undefined) return numbers;
  throw noAnswer(name, strange);
}
