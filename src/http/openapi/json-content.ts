import type { JsonObject } from './json-object.ts';

/** A body or an answer in JSON. */
export function jsonContent(schema: JsonObject): JsonObject {
  return { 'application/json': { schema } };
}
