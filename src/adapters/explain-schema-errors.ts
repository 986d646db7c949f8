import type { ErrorObject } from 'ajv';
import { shownJson } from '../core/shown-json.ts';
import { explainUnknownKey } from './explain-unknown-key.ts';
import { schemaErrorAtFault } from './schema-error-at-fault.ts';

/**
 * What is wrong with a file of settings, or whatever `whole` calls it, and what to write instead, from what its
 * schema's check found.
 */
export function explainSchemaErrors(errors: readonly ErrorObject[], whole = 'the file'): string {
  const error = schemaErrorAtFault(errors);
  if (error?.keyword === 'additionalProperties') {
    const where = error.instancePath === '' ? '' : `${placeOf(error, whole)}: `;
    const known = Object.keys(error.parentSchema?.properties ?? {});
    return where + explainUnknownKey(String(error.params.additionalProperty), known);
  }
  const allowed = error?.keyword === 'enum' ? ` (${error.params.allowedValues.join(', ')})` : '';
  return `${placeOf(error, whole)}: ${error?.message}${allowed}, got ${shownJson(error?.data)}`;
}

function placeOf(error: ErrorObject | undefined, whole: string): string {
  return error?.instancePath ? `'${error.instancePath.slice(1).replaceAll('/', '.')}'` : whole;
}
