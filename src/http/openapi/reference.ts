import type { JsonObject } from './json-object.ts';

/** A `$ref` to one of the document's components. */
export function reference(kind: 'schemas' | 'responses' | 'parameters' | 'headers', name: string): JsonObject {
  return { $ref: `#/components/${kind}/${name}` };
}
