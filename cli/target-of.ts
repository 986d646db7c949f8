import type { AliasTarget, StoredModel } from '../src/ports/model-store.ts';

/** Where an alias leads; undefined where there is none of that name. */
export function targetOf({ aliases }: StoredModel, alias: string): AliasTarget | undefined {
  return Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
}
