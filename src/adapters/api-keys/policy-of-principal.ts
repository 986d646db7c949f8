import type { KeyEntry } from './key-entry.ts';
import { principalMatches } from './principal-matches.ts';

/** The first policy that names a principal of IAM; undefined where none does. */
export function policyOfPrincipal(entries: readonly KeyEntry[], principal: string): KeyEntry | undefined {
  return entries.find((entry) => entry.principal !== undefined && principalMatches(entry.principal, principal));
}
