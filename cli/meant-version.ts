import { versionFolder } from '../src/adapters/directory-model-store/version-folder.ts';
import type { AliasTarget } from '../src/ports/model-store.ts';

/**
 * The number that a version is meant by, where `reference` is one or an alias that leads to one; whether there is such
 * a version is another question.
 */
export function meantVersion(aliases: Readonly<Record<string, AliasTarget>>, reference: string): number | undefined {
  if (Object.hasOwn(aliases, reference)) return aliases[reference]?.version;
  return versionFolder.test(reference) ? Number(reference) : undefined;
}
