import type { Form } from '../form.ts';
import { choice, literal, nothing, rule, sequence } from '../forms.ts';
import { member, separator, space, stringOf } from '../json-text.ts';
import type { Branch } from './branch.ts';
import { otherKey } from './other-key.ts';
import { within } from './schema-document.ts';
import { schemaError } from './schema-error.ts';
import type { SchemaNode } from './schema-node.ts';
import type { SchemaRules } from './schema-rules.ts';

/** Properties of one object. */
const maxProperties = 1_000;

/**
 * Objects of a branch: their properties in the order of the schema, then others. Where `properties` stand without
 * `additionalProperties`, there are no others: JSON schema would let any follow.
 *
 * @param name of its rules, which no other object has
 */
export function objectForm(branch: Branch, rules: SchemaRules, name: string): Form {
  const required = new Set(branch.flatMap((node) => node.texts('required')));
  const properties = [...new Set([...branch.flatMap((node) => node.names('properties')), ...required])];
  const [node] = branch;
  if (properties.length > maxProperties) {
    throw schemaError(node?.place ?? '#', `has ${properties.length} properties; expected at most ${maxProperties}`);
  }
  const isOpen = branch.some((one) => one.has('additionalProperties')) || !branch.some((one) => one.has('properties'));
  rules.document.count(node?.place ?? '#', properties.length * branch.length);
  checkKeys(branch, { required: required.size, all: properties.length, isOpen });
  const other = rules.value(branch.flatMap((one) => placesOf(one, undefined)));
  const key = rule(`${name} key`);
  if (isOpen)
    rules.keep(`${name} key`, properties.length > 0 ? otherKey(properties) : stringOf(0, Number.POSITIVE_INFINITY));
  const nameOf = (number: number, isFirst: boolean) => `${name} ${number}${isFirst ? ' first' : ''}`;
  const rest = (number: number, isFirst: boolean) => rule(nameOf(number, isFirst));
  const end = sequence(space, literal('}'));
  for (const isFirst of [true, false]) {
    const next = (part: Form, number: number) => sequence(separator(isFirst), part, rest(number, false));
    for (const [number, property] of properties.entries()) {
      const value = rules.value(branch.flatMap((one) => placesOf(one, property)));
      const present = next(member(literal(JSON.stringify(property)), value), number + 1);
      const absent = required.has(property) ? nothing : rest(number + 1, isFirst);
      rules.keep(nameOf(number, isFirst), choice(absent, present));
    }
    const others = isOpen ? next(member(key, other), properties.length) : nothing;
    rules.keep(nameOf(properties.length, isFirst), choice(end, others));
  }
  return sequence(literal('{'), rest(0, true));
}

/** The schemas of one node for its property of a name; undefined: for one that no node names. */
function placesOf(node: SchemaNode, property: string | undefined): readonly string[] {
  if (property !== undefined && node.isNamed('properties', property)) {
    return [within(node.place, 'properties', property)];
  }
  return node.has('additionalProperties') ? [within(node.place, 'additionalProperties')] : [];
}

function checkKeys(
  branch: Branch,
  { required, all, isOpen }: { required: number; all: number; isOpen: boolean },
): void {
  for (const node of branch) {
    const names = node.value('propertyNames') ?? true;
    if (names !== true && JSON.stringify(names) !== '{"type":"string"}' && JSON.stringify(names) !== '{}') {
      throw node.wrong('propertyNames', '{"type": "string"}, which they are: answers cannot be held to less');
    }
    if ((node.count('minProperties') ?? 0) > required) {
      throw node.wrong('minProperties', `at most ${required}, the properties that are required`);
    }
    if (isOpen ? node.has('maxProperties') : (node.count('maxProperties') ?? all) < all) {
      throw node.wrong(
        'maxProperties',
        `additionalProperties: false, and at least ${all}, the properties that there are`,
      );
    }
  }
}
