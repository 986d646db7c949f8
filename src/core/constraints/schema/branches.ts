import { areApart } from './are-apart.ts';
import type { Branch } from './branch.ts';
import type { NamedValues } from './named-values.ts';
import { type SchemaDocument, within } from './schema-document.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';
import { signsOf } from './signs-of.ts';

/** Ways in which choices within one another may be combined. */
const maxBranches = 512;
/** Those of oneOf, each of which is held against each other one. */
const maxApart = 200;

/**
 * The ways to follow schemas all at once, where `anyOf`, `oneOf`, `allOf` and `$ref` have been resolved: a value
 * follows the schemas where it follows all nodes of one branch. None: no value can.
 */
export class Branches {
  readonly #document: SchemaDocument;
  readonly #named: NamedValues;
  /** Of places that were met. */
  readonly #known = new Map<string, readonly Branch[] | undefined>();

  constructor(document: SchemaDocument, named: NamedValues) {
    this.#document = document;
    this.#named = named;
  }

  of(places: readonly string[]): readonly Branch[] {
    return this.#together(
      places.map((place) => this.#at(place)),
      places[0] ?? '#',
    );
  }

  #at(place: string): readonly Branch[] {
    return this.#document.once(this.#known, place, () => this.#document.deeper(place, () => this.#found(place)));
  }

  #found(place: string): readonly Branch[] {
    const node = this.#document.at(place);
    if (typeof node === 'boolean') return node ? [[]] : [];
    const parts = (keyword: 'allOf' | 'anyOf' | 'oneOf') =>
      (node.list(keyword) ?? []).map((_, number) => this.#at(within(place, keyword, number)));
    const all: (readonly Branch[])[] = [[[node]]];
    if (node.has('$ref')) all.push(this.#at(this.#document.target(node)));
    all.push(...parts('allOf'));
    if (node.has('anyOf')) all.push(parts('anyOf').flat());
    if (node.has('oneOf')) all.push(this.#apart(node, parts('oneOf')));
    return this.#together(all, place);
  }

  /** Exactly one of the choices: as any one of them, where no value can follow two. */
  #apart(node: SchemaNode, choices: readonly (readonly Branch[])[]): readonly Branch[] {
    if (choices.flat().length > maxApart) {
      throw schemaError(node.place, `has 'oneOf' with more than ${maxApart} choices; expected fewer, or anyOf`);
    }
    const signs = choices.map((choice) => choice.map((branch) => signsOf(this.#document, branch)));
    for (const [number, choice] of signs.entries()) {
      for (const other of signs.slice(number + 1)) {
        if (choice.every((one) => other.every((another) => areApart(this.#document, this.#named, one, another))))
          continue;
        throw schemaError(
          node.place,
          "has 'oneOf' with choices that one value might follow both; expected anyOf, or choices of unlike types, or with a required property whose const or enum tells them apart",
        );
      }
    }
    return choices.flat();
  }

  #together(all: readonly (readonly Branch[])[], place: string): readonly Branch[] {
    let combined = [new Set<SchemaNode>()];
    for (const branches of all) {
      const [only] = branches;
      if (only !== undefined && branches.length === 1) {
        this.#document.count(place, combined.length * only.length);
        for (const one of combined) for (const node of only) one.add(node);
        continue;
      }
      if (combined.length * branches.length > maxBranches) {
        throw schemaError(place, `can be followed in more than ${maxBranches} ways, as its choices are combined`);
      }
      combined = combined.flatMap((one) =>
        branches.map((other) => {
          this.#document.count(place, one.size + other.length);
          return new Set([...one, ...other]);
        }),
      );
    }
    return combined.map((one) => [...one]);
  }
}
