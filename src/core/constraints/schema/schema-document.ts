import { isKnownKeyword } from './keywords.ts';
import { schemaError } from './schema-error.ts';
import { SchemaNode } from './schema-node.ts';

/** Parts that are combined and values that are compared: some hundred milliseconds. */
const maxWork = 200_000;
/** Schemas that are followed from one to the next, by references and choices and into values. */
const maxInRow = 400;

/** A JSON schema, whose parts are found by their place: `#` is the whole, `#/properties/name` a part. */
export class SchemaDocument {
  readonly #root: unknown;
  readonly #nodes = new Map<string, SchemaNode | boolean>();
  #work = 0;
  #inRow = 0;

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

  /**
   * Counts parts that are combined with the schema in a place, or values that are compared with it. Throws 400 where
   * there are too many: a short schema may ask for more than ever ends.
   */
  count(place: string, work = 1): void {
    this.#work += work;
    if (this.#work > maxWork) {
      throw schemaError(
        place,
        'is one of too many schemas that are to be combined, or compared with values; expected fewer choices, values of const and enum, parts of allOf, or shorter patterns',
      );
    }
  }

  /**
   * What is known of a place, or found now: many places may refer to one, and each would follow all that lies behind it
   * anew. `known` has undefined for those that are being followed. Throws 400 where one leads to itself.
   */
  once<T>(known: Map<string, T | undefined>, place: string, find: () => T): T {
    const before = known.get(place);
    if (before !== undefined) return before;
    if (known.has(place)) throw schemaError(place, 'refers to itself without end');
    known.set(place, undefined);
    const found = find();
    known.set(place, found);
    return found;
  }

  /** Follows the schema in a place from within another one. Throws 400 where it is one of too many in a row. */
  deeper<T>(place: string, follow: () => T): T {
    this.#inRow += 1;
    if (this.#inRow > maxInRow) {
      throw schemaError(place, `is reached by more than ${maxInRow} references and choices in a row; expected fewer`);
    }
    const followed = follow();
    this.#inRow -= 1;
    return followed;
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
