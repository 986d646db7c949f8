import type { NamedValues } from './named-values.ts';
import type { SchemaDocument } from './schema-document.ts';
import type { Signs } from './signs-of.ts';

/**
 * Whether it is sure that no value follows both: they are of unlike types or values, or a required property's values
 * tell them apart.
 */
export function areApart(document: SchemaDocument, named: NamedValues, one: Signs, other: Signs): boolean {
  document.count(one.branch[0]?.place ?? '#');
  if (one.literals !== undefined)
    return !one.literals.some((value) => named.follows(other.branch, value) && named.follows(one.branch, value));
  if (other.literals !== undefined) return areApart(document, named, other, one);
  const shared = one.kinds.filter((kind) => other.kinds.includes(kind));
  if (shared.length === 0) return true;
  if (shared.some((kind) => kind !== 'object')) return false;
  for (const [name, values] of one.required) {
    const others = other.required.get(name);
    document.count(one.branch[0]?.place ?? '#');
    if (values === undefined || others === undefined) continue;
    document.count(one.branch[0]?.place ?? '#', values.size);
    if (![...values].some((value) => others.has(value))) return true;
  }
  return false;
}
