import type { ErrorObject } from 'ajv';
import { shownJson } from '../../core/shown-json.ts';
import { isObject } from '../../protocol/is-object.ts';
import { explainSchemaErrors } from '../explain-schema-errors.ts';
import { explainUnknownKey } from '../explain-unknown-key.ts';

const policyKeys = ['latest', 'specific'];

/** What is wrong with a model.json, and what to write instead, from what the schema's check found. */
export function explainConfigErrors(errors: readonly ErrorObject[]): string {
  const isUnknown = errors.some(
    ({ keyword, instancePath }) => keyword === 'additionalProperties' && instancePath === '',
  );
  const policyError = errors.find(({ keyword }) => keyword === 'oneOf');
  return policyError && !isUnknown ? explainPolicy(policyError.data) : explainSchemaErrors(errors);
}

function explainPolicy(policy: unknown): string {
  const keys = isObject(policy) ? Object.keys(policy) : [];
  const unknown = keys.find((key) => !policyKeys.includes(key));
  if (unknown !== undefined) return `'versionPolicy': ${explainUnknownKey(unknown, policyKeys)}`;
  return `'versionPolicy': expected "all", {"latest": n} or {"specific": [1, 2]}, got ${shownJson(policy)}`;
}
