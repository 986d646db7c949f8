import { shownJson } from '../../core/shown-json.ts';
import { isObject } from '../../protocol/is-object.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** `parameters` of a request as an object. Throws 400 for anything else. */
export function parametersObject(parameters: unknown): Readonly<Record<string, unknown>> {
  if (isObject(parameters)) return parameters;
  throw new ServiceError(400, `field 'parameters': expected an object, got ${shownJson(parameters)}`);
}
