import type { Branch } from './branch.ts';
import { branchKinds, type Kind } from './branch-kinds.ts';
import { literalsOf } from './literals-of.ts';
import { type SchemaDocument, within } from './schema-document.ts';

/** What tells the values that follow a branch from those of others. */
export interface Signs {
  readonly branch: Branch;
  /** As `literalsOf`. */
  readonly literals: readonly unknown[] | undefined;
  readonly kinds: readonly Kind[];
  /** Properties that it requires, with the values of those for which it says them itself, as JSON. */
  readonly required: ReadonlyMap<string, ReadonlySet<string> | undefined>;
}

export function signsOf(document: SchemaDocument, branch: Branch): Signs {
  const names = new Set(branch.flatMap((node) => node.texts('required')));
  document.count(branch[0]?.place ?? '#', names.size * branch.length);
  const required = [...names].map((name) => [name, propertyValues(document, branch, name)] as const);
  return { branch, literals: literalsOf(branch), kinds: branchKinds(branch).kinds, required: new Map(required) };
}

function propertyValues(document: SchemaDocument, branch: Branch, name: string): ReadonlySet<string> | undefined {
  for (const node of branch) {
    if (!node.isNamed('properties', name)) continue;
    const property = document.at(within(node.place, 'properties', name));
    const values = typeof property === 'boolean' ? undefined : literalsOf([property]);
    // Of objects, two texts may be one value.
    if (values?.every((value) => typeof value !== 'object' || value === null)) {
      return new Set(values.map((value) => JSON.stringify(value)));
    }
  }
  return undefined;
}
