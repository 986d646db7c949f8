import { isObject } from '../../../protocol/is-object.ts';
import { hasInexactInteger } from './has-inexact-integer.ts';
import type { HeldKeyword } from './keywords.ts';
import { schemaError } from './schema-error.ts';
import { valueKey } from './value-key.ts';

export const jsonTypes = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

export type JsonType = (typeof jsonTypes)[number];

interface Allowed {
  readonly values: readonly unknown[];
  readonly keys: ReadonlySet<string>;
}

interface ItemKeywords {
  readonly first: 'prefixItems' | 'items';
  readonly rest: 'items' | 'additionalItems';
}

const exactly = `whole numbers up to ${Number.MAX_SAFE_INTEGER}: larger ones are not kept exactly, but texts are`;

/**
 * A schema in its place within the whole, whose keywords are read with their types. What is wrong is refused with the
 * place.
 */
export class SchemaNode {
  readonly place: string;
  readonly #keywords: Readonly<Record<string, unknown>>;
  readonly #allowedBy = new Map<HeldKeyword, Allowed>();

  constructor(place: string, keywords: Readonly<Record<string, unknown>>) {
    this.place = place;
    this.#keywords = keywords;
  }

  has(...keywords: readonly HeldKeyword[]): boolean {
    return keywords.some((keyword) => Object.hasOwn(this.#keywords, keyword));
  }

  value(keyword: HeldKeyword): unknown {
    return Object.hasOwn(this.#keywords, keyword) ? this.#keywords[keyword] : undefined;
  }

  /** A whole number, 0 or more. */
  count(keyword: HeldKeyword): number | undefined {
    return this.#read(keyword, 'a whole number from 0 on', (value): value is number => {
      return Number.isSafeInteger(value) && Number(value) >= 0;
    });
  }

  number(keyword: HeldKeyword): number | undefined {
    return this.#read(keyword, 'a number', (value): value is number => Number.isFinite(value));
  }

  flag(keyword: HeldKeyword): boolean {
    return this.#read(keyword, 'true or false', (value): value is boolean => typeof value === 'boolean') ?? false;
  }

  text(keyword: HeldKeyword): string | undefined {
    return this.#read(keyword, 'a string', (value): value is string => typeof value === 'string');
  }

  texts(keyword: HeldKeyword): readonly string[] {
    const isTexts = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((one) => typeof one === 'string');
    return this.#read(keyword, 'an array of strings', isTexts) ?? [];
  }

  /** Values, at least one. */
  list(keyword: HeldKeyword): readonly unknown[] | undefined {
    const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;
    return this.#read(keyword, 'an array that is not empty', isList);
  }

  /** The values that it allows; undefined: it does not say. */
  values(keyword: 'const' | 'enum'): readonly unknown[] | undefined {
    return this.#allowed(keyword)?.values;
  }

  /** The same by their keys. */
  valueKeys(keyword: 'const' | 'enum'): ReadonlySet<string> | undefined {
    return this.#allowed(keyword)?.keys;
  }

  /** The names of the schemas that an object of schemas has. */
  names(keyword: HeldKeyword): readonly string[] {
    return Object.keys(this.#read(keyword, 'an object of schemas', isObject) ?? {});
  }

  /** Whether an object of schemas has one of this name. */
  isNamed(keyword: HeldKeyword, name: string): boolean {
    const schemas = this.value(keyword);
    return typeof schemas === 'object' && schemas !== null && Object.hasOwn(schemas, name);
  }

  /** How it calls the schemas of its first items, by their places, and that of all behind them. */
  itemKeywords(): ItemKeywords {
    if (!Array.isArray(this.value('items'))) return { first: 'prefixItems', rest: 'items' };
    if (this.has('prefixItems')) throw this.wrong('items', 'a schema beside prefixItems');
    // As up to draft 2019-09.
    return { first: 'items', rest: 'additionalItems' };
  }

  /** The types that it allows; undefined: it does not say. */
  types(): readonly JsonType[] | undefined {
    if (!this.has('type')) return undefined;
    const type = this.value('type');
    const types = Array.isArray(type) ? type : [type];
    const isType = (one: unknown): one is JsonType => (jsonTypes as readonly unknown[]).includes(one);
    // OpenAPI's, as the OpenAI SDK writes it for zod 3.
    const more = this.flag('nullable') ? ['null' as const] : [];
    if (types.length > 0 && types.every(isType)) return [...types, ...more];
    throw this.wrong('type', `one or more of ${jsonTypes.join(', ')}`);
  }

  wrong(keyword: HeldKeyword, expected: string): Error {
    const value = JSON.stringify(this.value(keyword)) ?? 'nothing';
    const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
    return schemaError(this.place, `has '${keyword}': ${shown}; expected ${expected}`);
  }

  #allowed(keyword: 'const' | 'enum'): Allowed | undefined {
    if (!this.has(keyword)) return undefined;
    let allowed = this.#allowedBy.get(keyword);
    if (allowed === undefined) {
      const values = keyword === 'const' ? [this.value(keyword)] : (this.list(keyword) ?? []);
      if (hasInexactInteger(values)) throw this.wrong(keyword, exactly);
      allowed = { values, keys: new Set(values.map(valueKey)) };
      this.#allowedBy.set(keyword, allowed);
    }
    return allowed;
  }

  #read<T>(keyword: HeldKeyword, expected: string, is: (value: unknown) => value is T): T | undefined {
    if (!this.has(keyword)) return undefined;
    const value = this.value(keyword);
    if (is(value)) return value;
    throw this.wrong(keyword, expected);
  }
}
