/** Say something to people, or name a place, and bind no value. */
const annotations = [
  '$comment',
  '$defs',
  '$schema',
  'default',
  'definitions',
  'deprecated',
  'description',
  'discriminator',
  'example',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
] as const;

/** Bind values, and are held to. */
const held = [
  '$ref',
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'enum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'nullable',
  'oneOf',
  'pattern',
  'prefixItems',
  'properties',
  'propertyNames',
  'required',
  'type',
  'uniqueItems',
] as const;

export type HeldKeyword = (typeof held)[number];

const known: ReadonlySet<string> = new Set([...annotations, ...held]);

/**
 * Whether a keyword is held to, or binds nothing. All others are refused: to leave one out in silence would break the
 * promise.
 */
export function isKnownKeyword(keyword: string): boolean {
  return known.has(keyword) || keyword.startsWith('x-');
}
