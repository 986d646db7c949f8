import { ServiceError } from '../../../protocol/service-error.ts';

/** A schema that answers cannot be held to: 400, with the place (`#/properties/name`) and what is wrong there. */
export function schemaError(place: string, wrong: string): ServiceError {
  return new ServiceError(400, `the JSON schema cannot be used: ${place} ${wrong}`);
}
