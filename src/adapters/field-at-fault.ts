import type { ErrorObject } from 'ajv';
import { schemaErrorAtFault } from './schema-error-at-fault.ts';

/** The field of a request that its schema's check found wrong, missing or unknown; undefined: the request itself. */
export function fieldAtFault(errors: readonly ErrorObject[]): string | undefined {
  const { instancePath = '', params } = schemaErrorAtFault(errors) ?? {};
  const name: unknown = params?.additionalProperty ?? params?.missingProperty;
  return [...instancePath.split('/').slice(1), ...(typeof name === 'string' ? [name] : [])].join('.') || undefined;
}
