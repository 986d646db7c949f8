import { ServiceError } from '../../protocol/service-error.ts';
import type { ItemOutputs } from './flow.ts';
import { itemNumbers } from './item-numbers.ts';

/**
 * The elements of an output as numbers that a caller is told, or those that are told are chosen by. Throws ServiceError
 * 500 where the model gives what is none: JSON has neither NaN nor infinity.
 */
export function toldNumbers(outputs: ItemOutputs, name: string): readonly number[] {
  const numbers = itemNumbers(outputs, name);
  const strange = numbers.find((number) => !Number.isFinite(number));
  if (strange === undefined) return numbers;
  throw new ServiceError(500, `the model's output '${name}' has ${strange} for the item, which is no answer`);
}
