import type { ModelConfig, ReleaseState, StoredModel } from '../../ports/model-store.ts';

/** A file of settings as it was read, and what is wrong with it. */
export interface ReadSettings<T> {
  readonly value: T;
  readonly problem?: string;
}

/** What lies in the folder of a model. */
type FoundVersions = Pick<StoredModel, 'name' | 'versions' | 'misplaced'>;

/**
 * A model as stores tell of it, by what lies in its folder and its settings: `model.json` and `aliases.json`; undefined
 * where there is nothing but settings, and they are no ensemble's.
 */
export function storedModel(
  found: FoundVersions,
  config: ReadSettings<ModelConfig>,
  releases: ReadSettings<ReleaseState>,
): StoredModel | undefined {
  const { name, misplaced } = found;
  const { versions, problem: mixed } = ensembleVersions(config, found);
  if (versions.length === 0 && misplaced.length === 0) return undefined;
  const none = versions.length === 0 ? misplaced.join('; ') : undefined;
  const problem = config.problem ?? mixed ?? releases.problem ?? none;
  return {
    name,
    versions,
    config: config.value,
    ...releases.value,
    ...(problem !== undefined && { problem }),
    misplaced,
  };
}

/**
 * An ensemble has no files, and is its version 1. Settings that cannot be read, alone in a folder, are taken for an
 * ensemble's: what serves goes on serving while they are mended.
 */
function ensembleVersions(
  settings: ReadSettings<ModelConfig>,
  { versions, misplaced }: FoundVersions,
): { readonly versions: readonly number[]; readonly problem?: string } {
  const isAlone = versions.length === 0 && misplaced.length === 0;
  if (isAlone && (settings.value.ensemble || settings.problem !== undefined)) return { versions: [1] };
  if (isAlone || !settings.value.ensemble) return { versions };
  return {
    versions,
    problem: "model.json: the model has 'steps', and files of its own: remove one of the two",
  };
}
