import type { Branch } from './branch.ts';
import type { HeldKeyword } from './keywords.ts';

export const kinds = ['object', 'array', 'string', 'number', 'boolean', 'null'] as const;

export type Kind = (typeof kinds)[number];

export interface BranchKinds {
  readonly kinds: readonly Kind[];
  /** Of the numbers, only those without a fraction. */
  readonly isWhole: boolean;
}

const keywordsOf: Readonly<Partial<Record<Kind, readonly HeldKeyword[]>>> = {
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties', 'propertyNames'],
  array: ['items', 'prefixItems', 'additionalItems', 'minItems', 'maxItems', 'uniqueItems'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

/**
 * The kinds of values that a branch allows. Where no type is said but keywords of one kind are there, that kind is
 * meant: JSON schema would let any other pass.
 */
export function branchKinds(branch: Branch): BranchKinds {
  let left: readonly Kind[] = kinds;
  let isWhole = false;
  let isSaid = false;
  for (const node of branch) {
    const types = node.types();
    if (types === undefined) continue;
    isSaid = true;
    left = left.filter((kind) => types.includes(kind) || (kind === 'number' && types.includes('integer')));
    isWhole ||= types.includes('integer') && !types.includes('number');
  }
  const meant = kinds.filter((kind) => branch.some((node) => node.has(...(keywordsOf[kind] ?? []))));
  return { kinds: isSaid || meant.length === 0 ? left : meant, isWhole };
}
