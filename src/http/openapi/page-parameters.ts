import type { JsonObject } from './json-object.ts';

/** The parameters of a list that is read in parts: at most so many at once, so many where nobody says. */
export function pageParameters(most: number, usual: number): readonly JsonObject[] {
  return [
    { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: most, default: usual } },
    { name: 'after', in: 'query', description: 'Those after this id.', schema: { type: 'string' } },
  ];
}
