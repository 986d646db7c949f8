import { answer } from './answer.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

/** A response in JSON, by the name of its schema among the components. */
export function jsonAnswer(description: string, schema: string, headers: JsonObject = {}): JsonObject {
  return answer(description, { 'application/json': { schema: reference('schemas', schema) } }, headers);
}
