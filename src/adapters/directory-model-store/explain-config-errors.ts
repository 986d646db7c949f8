import type { ErrorObject } from 'ajv';
import { nearestWord } from '../nearest-word.ts';
import { modelConfigSchema } from './model-config-schema.ts';

const policyKeys = ['latest', 'specific'];

/** What is wrong with a model.json, and what to write instead, from what the schema's check found. */
export function explainConfigErrors(errors: readonly ErrorObject[]): string {
  const unknown = errors.find((error) => error.keyword === 'additionalProperties' && error.instancePath === '');
  if (unknown) {
    return unknownKey(String(unknown.params.additionalProperty), Object.keys(modelConfigSchema.properties));
  }
  const policyError = errors.find(({ keyword }) => keyword === 'oneOf');
  if (policyError) return explainPolicy(policyError.data);
  const error = errors[0];
  const where = error?.instancePath ? `'${error.instancePath.slice(1).replaceAll('/', '.')}'` : 'the file';
  const allowed = error?.keyword === 'enum' ? ` (${error.params.allowedValues.join(', ')})` : '';
  return `${where}: ${error?.message}${allowed}, got ${show(error?.data)}`;
}

function explainPolicy(policy: unknown): string {
  const keys = typeof policy === 'object' && policy !== null && !Array.isArray(policy) ? Object.keys(policy) : [];
  const unknown = keys.find((key) => !policyKeys.includes(key));
  if (unknown !== undefined) return `'versionPolicy': ${unknownKey(unknown, policyKeys)}`;
  return `'versionPolicy': expected "all", {"latest": n} or {"specific": [1, 2]}, got ${show(policy)}`;
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestWord(key, known);
  return `unknown key '${key}'${near ? `; did you mean '${near}'?` : `; the keys are ${known.join(', ')}`}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
