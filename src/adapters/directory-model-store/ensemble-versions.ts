import type { ModelConfig } from '../../ports/model-store.ts';

/** A model's settings as they were read, and what is wrong with them. */
interface Settings {
  readonly value: ModelConfig;
  readonly problem?: string;
}

/**
 * The versions of a model by what lies in its folder, and its settings where there is a `model.json`: an ensemble has no files, and is its
 * version 1. Settings that cannot be read, alone in a folder, are taken for an ensemble's: what serves goes on serving while they are mended.
 */
export function ensembleVersions(
  settings: Settings,
  { versions, misplaced }: { readonly versions: readonly number[]; readonly misplaced: readonly string[] },
): { readonly versions: readonly number[]; readonly problem?: string } {
  const isAlone = versions.length === 0 && misplaced.length === 0;
  if (isAlone && (settings.value.ensemble || settings.problem !== undefined)) return { versions: [1] };
  if (isAlone || !settings.value.ensemble) return { versions };
  return {
    versions,
    problem: "model.json: the model has 'steps', and files of its own: remove one of the two",
  };
}
