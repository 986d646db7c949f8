import { isMultiple } from '../is-multiple.ts';
import type { Branch } from './branch.ts';
import { NamedTexts } from './named-texts.ts';
import { type SchemaDocument, within } from './schema-document.ts';
import type { SchemaNode } from './schema-node.ts';
import { valueKey } from './value-key.ts';

/** Whether values that a schema names (`const`, `enum`) follow its other parts: what names them may be one of many. */
export class NamedValues {
  readonly #document: SchemaDocument;
  /** By value, of places that were met with it. */
  readonly #known = new Map<unknown, Map<string, boolean | undefined>>();
  readonly #texts: NamedTexts;

  constructor(document: SchemaDocument) {
    this.#document = document;
    this.#texts = new NamedTexts(document);
  }

  follows(branch: Branch, value: unknown): boolean {
    return branch.every(({ place }) => this.#accepts(place, value));
  }

  #accepts(place: string, value: unknown): boolean {
    this.#document.count(place);
    const known = this.#known.get(value) ?? new Map<string, boolean | undefined>();
    this.#known.set(value, known);
    return this.#document.once(known, place, () => {
      const node = this.#document.at(place);
      return typeof node === 'boolean' ? node : this.#document.deeper(place, () => this.#acceptsAll(node, value));
    });
  }

  #acceptsAll(node: SchemaNode, value: unknown): boolean {
    const parts = (keyword: 'allOf' | 'anyOf' | 'oneOf') =>
      (node.list(keyword) ?? []).map((_, number) => this.#accepts(within(node.place, keyword, number), value));
    return (
      acceptsType(node, value) &&
      (node.valueKeys('const')?.has(valueKey(value)) ?? true) &&
      (node.valueKeys('enum')?.has(valueKey(value)) ?? true) &&
      (!node.has('$ref') || this.#accepts(this.#document.target(node), value)) &&
      parts('allOf').every(Boolean) &&
      (!node.has('anyOf') || parts('anyOf').includes(true)) &&
      (!node.has('oneOf') || parts('oneOf').filter(Boolean).length === 1) &&
      this.#acceptsKind(node, value)
    );
  }

  #acceptsKind(node: SchemaNode, value: unknown): boolean {
    if (typeof value === 'number') return acceptsNumber(node, value);
    if (typeof value === 'string') return this.#acceptsText(node, value);
    if (Array.isArray(value)) return this.#acceptsItems(node, value);
    return typeof value !== 'object' || value === null || this.#acceptsObject(node, value);
  }

  #acceptsText(node: SchemaNode, value: string): boolean {
    const length = Array.from(value).length;
    return (
      length >= (node.count('minLength') ?? 0) &&
      length <= (node.count('maxLength') ?? length) &&
      this.#texts.fit(node, value)
    );
  }

  #acceptsItems(node: SchemaNode, values: readonly unknown[]): boolean {
    const { first, rest } = node.itemKeywords();
    const prefix = node.list(first)?.length ?? 0;
    return (
      values.length >= (node.count('minItems') ?? 0) &&
      values.length <= (node.count('maxItems') ?? values.length) &&
      (!node.flag('uniqueItems') || new Set(values.map(valueKey)).size === values.length) &&
      values.every((value, number) => {
        if (number < prefix) return this.#accepts(within(node.place, first, number), value);
        return !node.has(rest) || this.#accepts(within(node.place, rest), value);
      })
    );
  }

  #acceptsObject(node: SchemaNode, value: object): boolean {
    const entries = Object.entries(value);
    return (
      entries.length >= (node.count('minProperties') ?? 0) &&
      entries.length <= (node.count('maxProperties') ?? entries.length) &&
      node.texts('required').every((name) => Object.hasOwn(value, name)) &&
      entries.every(([name, one]) => {
        if (node.isNamed('properties', name)) return this.#accepts(within(node.place, 'properties', name), one);
        return !node.has('additionalProperties') || this.#accepts(within(node.place, 'additionalProperties'), one);
      })
    );
  }
}

function acceptsType(node: SchemaNode, value: unknown): boolean {
  const types = node.types();
  if (types === undefined) return true;
  const own = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return types.some((type) => type === own || (type === 'integer' && Number.isInteger(value)));
}

function acceptsNumber(node: SchemaNode, value: number): boolean {
  return (
    value >= (node.number('minimum') ?? value) &&
    value <= (node.number('maximum') ?? value) &&
    value > (node.number('exclusiveMinimum') ?? Number.NEGATIVE_INFINITY) &&
    value < (node.number('exclusiveMaximum') ?? Number.POSITIVE_INFINITY) &&
    isMultiple(value, node.number('multipleOf'))
  );
}
