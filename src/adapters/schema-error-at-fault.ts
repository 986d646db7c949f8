import type { ErrorObject } from 'ajv';

/** The one to tell of what a schema's check found. */
export function schemaErrorAtFault(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.find((error) => error.keyword === 'additionalProperties') ?? errors[0];
}
