import { isKnownKeyword } from './keywords.ts';
import { schemaError } from './schema-error.ts';
import { SchemaNode } from './schema-node.ts';

/** Values that are compared with schemas: some hundred milliseconds. */
const maxComparisons = 100_000;

/** A JSON schema, whose parts are found by their place: `#` is the whole, `#/properties/name` a part. */
export class SchemaDocument {
  readonly #root: unknown;
  readonly #nodes = new Map<string, SchemaNode | boolean>();
  #comparisons = 0;

  constructor(root: unknown) {
    this.#root = root;
  }

  /**
   * The schema in a place; true: any value is right; false: none. Refuses what is no schema, and keywords that are not
   * held to.
   */
  at(place: string): SchemaNode | boolean {
    let node = this.#nodes.get(place);
    if (node === undefined) {
      node = this.#open(place);
      this.#nodes.set(place, node);
    }
    return node;
  }

  /** Counts a value that is compared with the schema in a place. Throws 400 where there are too many. */
  count(place: string): void {
    this.#comparisons += 1;
    if (this.#comparisons > maxComparisons) {
      throw schemaError(
        place,
        `is one of too many schemas for values of const and enum; expected fewer values, or choices`,
      );
    }
  }

  /** The place that a `$ref` names. */
  target(node: SchemaNode): string {
    const reference = node.text('$ref') ?? '';
    if (reference !== '#' && !reference.startsWith('#/')) {
      throw schemaError(
        node.place,
        `refers to '${reference}'; expected a place in the same schema, such as #/$defs/name`,
      );
    }
    let place = '#';
    try {
      for (const name of reference.split('/').slice(1)) place = within(place, unescaped(decodeURIComponent(name)));
    } catch {
      throw schemaError(node.place, `refers to '${reference}', which is not percent-encoded as it should be`);
    }
    if (this.#find(place) === undefined) throw schemaError(node.place, `refers to '${reference}', which is not there`);
    return place;
  }

  #open(place: string): SchemaNode | boolean {
    const schema = this.#find(place);
    if (typeof schema === 'boolean') return schema;
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
      throw schemaError(place, 'is no schema; expected an object, true or false');
    }
    const unknown = Object.keys(schema).find(
      (keyword) => !isKnownKeyword(keyword) && !(place === '#' && keyword === '$id'),
    );
    if (unknown !== undefined) {
      throw schemaError(place, `has the keyword '${unknown}', which answers cannot be held to; leave it out`);
    }
    return new SchemaNode(place, schema as Readonly<Record<string, unknown>>);
  }

  #find(place: string): unknown {
    let found = this.#root;
    for (const name of place.split('/').slice(1)) {
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, unescaped(name))) return undefined;
      found = (found as Record<string, unknown>)[unescaped(name)];
    }
    return found;
  }
}

/** The place of a part by its name. */
export function within(place: string, ...names: readonly (string | number)[]): string {
  return [place, ...names.map((name) => String(name).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}

function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}
