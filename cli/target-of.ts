import type { AliasTarget, StoredModel } from '../src/ports/model-store.ts';

/**
 * Where an alias leads; undefined where there is none of that name. Throws an Error where that cannot be told, as what
 * the model has cannot be read.
 */
export function targetOf({ name, aliases, problem }: StoredModel, alias: string): AliasTarget | undefined {
  if (Object.hasOwn(aliases, alias)) return aliases[alias];
  if (problem !== undefined) throw new Error(`model '${name}': ${problem}`);
  return undefined;
}
