import type { AliasTarget } from '../../ports/model-store.ts';

/** The versions that calls by an alias may reach: its own, that of its canary and that of its shadow. */
export function namedVersions({ version, canary, shadow }: AliasTarget): readonly number[] {
  return [version, canary?.version, shadow?.version].filter((each) => each !== undefined);
}
