import type { JsonObject } from './json-object.ts';

/** The schema of an object that has these fields, and may have others. */
export function objectOf(properties: JsonObject, optional: JsonObject = {}): JsonObject {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, ...optional } };
}
