import { acceptsValue } from './accepts-value.ts';
import { branchKinds } from './branch-kinds.ts';
import type { Branch } from './branches-of.ts';
import { literalsOf } from './literals-of.ts';
import { type SchemaDocument, within } from './schema-document.ts';

/**
 * Whether it is sure that no value follows both: they are of unlike types or values, or a required property's values
 * tell them apart.
 */
export function areApart(document: SchemaDocument, one: Branch, other: Branch): boolean {
  const [values, others] = [literalsOf(one), literalsOf(other)];
  if (values !== undefined)
    return !values.some((value) => acceptsAll(document, other, value) && acceptsAll(document, one, value));
  if (others !== undefined) return areApart(document, other, one);
  const shared = branchKinds(one).kinds.filter((kind) => branchKinds(other).kinds.includes(kind));
  if (shared.length === 0) return true;
  if (shared.some((kind) => kind !== 'object')) return false;
  return requiredOf(one).some((name) => {
    const [ofOne, ofOther] = [propertyValues(document, one, name), propertyValues(document, other, name)];
    if (!requiredOf(other).includes(name) || ofOne === undefined || ofOther === undefined) return false;
    return !ofOne.some((value) => ofOther.includes(value));
  });
}

function acceptsAll(document: SchemaDocument, branch: Branch, value: unknown): boolean {
  return branch.every((node) => acceptsValue(document, node.place, value));
}

function requiredOf(branch: Branch): readonly string[] {
  return branch.flatMap((node) => node.texts('required'));
}

/** The values that a property may have, as JSON, where it says so itself. */
function propertyValues(document: SchemaDocument, branch: Branch, name: string): readonly string[] | undefined {
  for (const node of branch) {
    if (!node.isNamed('properties', name)) continue;
    const property = document.at(within(node.place, 'properties', name));
    const values = typeof property === 'boolean' ? undefined : literalsOf([property]);
    // Of objects, two texts may be one value.
    if (values?.every((value) => typeof value !== 'object' || value === null)) {
      return values.map((value) => JSON.stringify(value));
    }
  }
  return undefined;
}
