import { shownJson } from '../../core/shown-json.ts';
import { type ItemParameters, itemParameters } from '../../core/tasks/item-parameters.ts';
import { ServiceError } from '../../protocol/service-error.ts';

const known = ['top_k', 'truncate', 'aggregation_strategy'];

/** `parameters` of a request. Throws 400 that names the one that is wrong. */
export function readParameters(parameters: unknown): ItemParameters {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    const shown = shownJson(parameters);
    throw new ServiceError(400, `field 'parameters': expected an object, got ${shown}`);
  }
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  if (unknown === undefined) return itemParameters(parameters as Readonly<Record<string, unknown>>);
  throw new ServiceError(
    400,
    `field 'parameters': there are 'top_k', 'truncate' and 'aggregation_strategy', got '${unknown.slice(0, 100)}'`,
  );
}
