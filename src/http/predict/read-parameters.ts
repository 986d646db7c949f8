import { type ItemParameters, itemParameters } from '../../core/tasks/item-parameters.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { parametersObject } from './parameters-object.ts';

const known = ['top_k', 'truncate', 'aggregation_strategy'];

/** `parameters` of a request. Throws 400 that names the one that is wrong. */
export function readParameters(parameters: unknown): ItemParameters {
  const given = parametersObject(parameters);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return itemParameters(given);
  throw new ServiceError(
    400,
    `field 'parameters': there are 'top_k', 'truncate' and 'aggregation_strategy', got '${unknown.slice(0, 100)}'`,
  );
}
