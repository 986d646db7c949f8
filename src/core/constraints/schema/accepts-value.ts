import { formatPatterns } from './format-patterns.ts';
import { type SchemaDocument, within } from './schema-document.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';
import { valueKey } from './value-key.ts';

/** References that may be followed from one to another for one value. */
const maxReferences = 100;

/**
 * Whether a value that a schema names (`const`, `enum`) follows the schema in a place: what names it may be only part
 * of it.
 */
export function acceptsValue(document: SchemaDocument, place: string, value: unknown, references = 0): boolean {
  if (references > maxReferences) throw schemaError(place, 'refers to itself without end');
  document.count(place);
  const node = document.at(place);
  if (typeof node === 'boolean') return node;
  const at = (part: string) => acceptsValue(document, part, value, references + 1);
  const parts = (keyword: 'allOf' | 'anyOf' | 'oneOf') =>
    (node.list(keyword) ?? []).map((_, number) => at(within(place, keyword, number)));
  return (
    acceptsType(node, value) &&
    (node.valueKeys('const')?.has(valueKey(value)) ?? true) &&
    (node.valueKeys('enum')?.has(valueKey(value)) ?? true) &&
    (!node.has('$ref') || at(document.target(node))) &&
    parts('allOf').every(Boolean) &&
    (!node.has('anyOf') || parts('anyOf').includes(true)) &&
    (!node.has('oneOf') || parts('oneOf').filter(Boolean).length === 1) &&
    acceptsKind(document, node, value)
  );
}

function acceptsType(node: SchemaNode, value: unknown): boolean {
  const types = node.types();
  if (types === undefined) return true;
  const own = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return types.some((type) => type === own || (type === 'integer' && Number.isInteger(value)));
}

function acceptsKind(document: SchemaDocument, node: SchemaNode, value: unknown): boolean {
  if (typeof value === 'number') return acceptsNumber(node, value);
  if (typeof value === 'string') return acceptsText(node, value);
  if (Array.isArray(value)) return acceptsItems(document, node, value);
  return typeof value !== 'object' || value === null || acceptsObject(document, node, value);
}

function acceptsNumber(node: SchemaNode, value: number): boolean {
  return (
    value >= (node.number('minimum') ?? value) &&
    value <= (node.number('maximum') ?? value) &&
    value > (node.number('exclusiveMinimum') ?? Number.NEGATIVE_INFINITY) &&
    value < (node.number('exclusiveMaximum') ?? Number.POSITIVE_INFINITY) &&
    (!node.has('multipleOf') || Number.isInteger(value / (node.number('multipleOf') ?? 1)))
  );
}

function acceptsText(node: SchemaNode, value: string): boolean {
  const length = Array.from(value).length;
  const patterns = [node.text('pattern'), formatPatterns[node.text('format') ?? '']];
  return (
    length >= (node.count('minLength') ?? 0) &&
    length <= (node.count('maxLength') ?? length) &&
    patterns.every((pattern) => pattern === undefined || new RegExp(pattern, 'u').test(value))
  );
}

function acceptsItems(document: SchemaDocument, node: SchemaNode, values: readonly unknown[]): boolean {
  const prefix = node.list('prefixItems')?.length ?? 0;
  return (
    values.length >= (node.count('minItems') ?? 0) &&
    values.length <= (node.count('maxItems') ?? values.length) &&
    values.every((value, number) => {
      if (number < prefix) return acceptsValue(document, within(node.place, 'prefixItems', number), value);
      return !node.has('items') || acceptsValue(document, within(node.place, 'items'), value);
    })
  );
}

function acceptsObject(document: SchemaDocument, node: SchemaNode, value: object): boolean {
  const entries = Object.entries(value);
  return (
    entries.length >= (node.count('minProperties') ?? 0) &&
    entries.length <= (node.count('maxProperties') ?? entries.length) &&
    node.texts('required').every((name) => Object.hasOwn(value, name)) &&
    entries.every(([name, one]) => {
      if (node.isNamed('properties', name)) return acceptsValue(document, within(node.place, 'properties', name), one);
      return (
        !node.has('additionalProperties') || acceptsValue(document, within(node.place, 'additionalProperties'), one)
      );
    })
  );
}
