import type { ErrorObject } from 'ajv';
import { shownJson } from '../core/shown-json.ts';
import { explainUnknownKey } from './explain-unknown-key.ts';

/**
 * What is wrong with a file of settings, or whatever `whole` calls it, and what to write instead, from what its
 * schema's check found.
 */
export function explainSchemaErrors(errors: readonly ErrorObject[], whole = 'the file'): string {
  const unknown = errors.find((error) => error.keyword === 'additionalProperties');
  if (unknown) {
    const where = unknown.instancePath === '' ? '' : `${placeOf(unknown, whole)}: `;
    const known = Object.keys(unknown.parentSchema?.properties ?? {});
    return where + explainUnknownKey(String(unknown.params.additionalProperty), known);
  }
  const error = errors[0];
  const allowed = error?.keyword === 'enum' ? ` (${error.params.allowedValues.join(', ')})` : '';
  return `${placeOf(error, whole)}: ${error?.message}${allowed}, got ${shownJson(error?.data)}`;
}

function placeOf(error: ErrorObject | undefined, whole: string): string {
  return error?.instancePath ? `'${error.instancePath.slice(1).replaceAll('/', '.')}'` : whole;
}
