import type { Form } from '../form.ts';
import { choice, literal, nothing, repeat, sequence } from '../forms.ts';
import { listOf, separator, space } from '../json-text.ts';
import type { Branch } from './branch.ts';
import { within } from './schema-document.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';
import type { SchemaRules } from './schema-rules.ts';
import { unlikeItems } from './unlike-items.ts';

/** Schemas of one prefixItems, each of which stands within the one before it. */
const maxPrefix = 500;
/** Values of items that are to be unlike, each of which any that come behind it may follow. */
const maxUnlike = 1_000;

/**
 * Arrays of a branch. Where `prefixItems` stands without `items` (or a list of `items` without `additionalItems`), there
 * are no others than `minItems` asks for: JSON schema would let any follow.
 */
export function arrayForm(branch: Branch, rules: SchemaRules, name: string): Form {
  for (const node of branch) {
    if (node.has('additionalItems') && node.itemKeywords().rest !== 'additionalItems')
      throw node.wrong('additionalItems', "nothing without a list of 'items'");
  }
  const least = Math.max(0, ...branch.map((node) => node.count('minItems') ?? 0));
  const prefix = Math.max(...branch.map((node) => node.list(node.itemKeywords().first)?.length ?? 0));
  if (prefix > maxPrefix) {
    throw schemaError(branch[0]?.place ?? '#', `has ${prefix} prefixItems; expected at most ${maxPrefix}`);
  }
  const isClosed = prefix > 0 && !branch.some((node) => node.has(node.itemKeywords().rest));
  const most = Math.min(
    isClosed ? Math.max(prefix, least) : Number.POSITIVE_INFINITY,
    ...branch.map((node) => node.count('maxItems') ?? Number.POSITIVE_INFINITY),
  );
  if (least > most) return nothing;
  const places = branch.flatMap((node) => placesOf(node, prefix));
  const unlike = branch.find((node) => node.flag('uniqueItems'));
  if (unlike && most > 1) {
    const values = prefix === 0 ? rules.named(places) : undefined;
    if (values && values.length > maxUnlike)
      throw schemaError(unlike.place, `has ${values.length} values for unlike items; expected at most ${maxUnlike}`);
    if (values) return unlikeItems(values, { least, most }, rules, name);
    throw unlike.wrong(
      'uniqueItems',
      "false, or 'items' that are each one of an enum: answers cannot be held to unlike items of another kind",
    );
  }
  const item = rules.value(places);
  if (prefix === 0) return listOf('[', item, ']', least, most);
  const more = repeat(sequence(separator(false), item), Math.max(0, least - prefix), Math.max(0, most - prefix));
  let rest = sequence(more, close);
  for (let number = Math.min(prefix, most) - 1; number >= 0; number -= 1) {
    const value = rules.value(branch.flatMap((node) => placesOf(node, number)));
    rest = choice(number >= least ? close : nothing, sequence(separator(number === 0), value, rest));
  }
  return sequence(literal('['), rest);
}

const close = sequence(space, literal(']'));

/** The schemas of one node for its item of a number. */
function placesOf(node: SchemaNode, number: number): readonly string[] {
  const { first, rest } = node.itemKeywords();
  if (number < (node.list(first)?.length ?? 0)) return [within(node.place, first, number)];
  return node.has(rest) ? [within(node.place, rest)] : [];
}
