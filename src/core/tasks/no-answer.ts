import { ServiceError } from '../../protocol/service-error.ts';

/** What a model gives an item for a number that none can be told of: JSON has neither NaN nor infinity. */
export function noAnswer(output: string, number: number): ServiceError {
  return new ServiceError(500, `the model's output '${output}' has ${number} for the item, which is no answer`);
}
