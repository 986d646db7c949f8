import type { KeyEntry } from './key-entry.ts';

/** Whose policy it is, as a caller is told. */
export function policyWords({ name, principal }: Pick<KeyEntry, 'name' | 'principal'>): string {
  return principal === undefined ? `the API key '${name}'` : `the policy '${name}'`;
}
