import { areApart } from './are-apart.ts';
import type { SchemaDocument } from './schema-document.ts';
import { within } from './schema-document.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';

/** Schemas that a value must follow together. */
export type Branch = readonly SchemaNode[];

/** Ways in which choices within one another may be combined. */
const maxBranches = 512;
/** Those of oneOf, each of which is held against each other one. */
const maxApart = 200;

/**
 * The ways to follow schemas all at once, where `anyOf`, `oneOf`, `allOf` and `$ref` have been resolved: a value
 * follows the schemas where it follows all nodes of one branch. None: no value can.
 */
export function branchesOf(document: SchemaDocument, places: readonly string[]): readonly Branch[] {
  return together(
    places.map((place) => branchesAt(document, place, [])),
    places[0] ?? '#',
  );
}

function branchesAt(document: SchemaDocument, place: string, above: readonly string[]): readonly Branch[] {
  if (above.includes(place)) throw schemaError(place, 'refers to itself without end');
  const node = document.at(place);
  if (typeof node === 'boolean') return node ? [[]] : [];
  const chain = [...above, place];
  const at = (part: string) => branchesAt(document, part, chain);
  const parts = (keyword: 'allOf' | 'anyOf' | 'oneOf') =>
    (node.list(keyword) ?? []).map((_, number) => within(place, keyword, number));
  const all: (readonly Branch[])[] = [[[node]]];
  if (node.has('$ref')) all.push(at(document.target(node)));
  for (const part of parts('allOf')) all.push(at(part));
  if (node.has('anyOf')) all.push(parts('anyOf').flatMap(at));
  if (node.has('oneOf')) all.push(apart(document, node, parts('oneOf').map(at)));
  return together(all, place);
}

/** Exactly one of the choices: as any one of them, where no value can follow two. */
function apart(document: SchemaDocument, node: SchemaNode, choices: readonly (readonly Branch[])[]): readonly Branch[] {
  if (choices.flat().length > maxApart) {
    throw schemaError(node.place, `has 'oneOf' with more than ${maxApart} choices; expected fewer, or anyOf`);
  }
  for (const [number, choice] of choices.entries()) {
    for (const other of choices.slice(number + 1)) {
      if (choice.every((one) => other.every((another) => areApart(document, one, another)))) continue;
      throw schemaError(
        node.place,
        "has 'oneOf' with choices that one value might follow both; expected anyOf, or choices of unlike types, or with a required property whose const or enum tells them apart",
      );
    }
  }
  return choices.flat();
}

function together(all: readonly (readonly Branch[])[], place: string): readonly Branch[] {
  let combined: readonly Branch[] = [[]];
  for (const branches of all) {
    combined = combined.flatMap((one) => branches.map((other) => [...new Set([...one, ...other])]));
    if (combined.length > maxBranches) {
      throw schemaError(place, `can be followed in more than ${maxBranches} ways, as its choices are combined`);
    }
  }
  return combined;
}
