import type { JsonObject } from './json-object.ts';
import { objectOf } from './object-of.ts';

const nullable = { type: ['string', 'null'] };

/** The schema of some of a list, as OpenAI's API has it. */
export function listOf(items: JsonObject): JsonObject {
  return objectOf({
    object: { const: 'list' },
    data: { type: 'array', items },
    first_id: nullable,
    last_id: nullable,
    has_more: { type: 'boolean' },
  });
}
