import type { AliasTarget } from '../src/ports/model-store.ts';
import { chooseVersion } from './choose-version.ts';
import { findReleases, type Releases } from './find-releases.ts';
import { meantVersion } from './meant-version.ts';
import { targetOf } from './target-of.ts';
import type { VersionReference } from './version-argument.ts';

export interface TrialOptions {
  /** How much of the calls the version is to have; 0 ends what it is. */
  readonly percent: number;
  readonly alias: string;
  readonly models: string;
}

/**
 * A model, and where an alias leads whose canary or shadow a version is to be, or to be no more. Rejects with an Error where it cannot:
 * there is no such model, version or alias, the alias leads to that version, or the canary or shadow to end is another version, since a
 * mistyped number must not end what goes on.
 */
export async function findTrial(
  role: 'canary' | 'shadow',
  { name, version: wanted }: VersionReference,
  { percent, alias, models }: TrialOptions,
): Promise<{ readonly releases: Releases; readonly seen: AliasTarget; readonly version: number }> {
  const releases = await findReleases(models, name);
  // What is to end may be gone.
  const ended = percent === 0 ? meantVersion(releases.model.aliases, wanted) : undefined;
  const version = ended ?? chooseVersion(releases.model, wanted);
  const seen = targetOf(releases.model, alias);
  if (!seen) throw new Error(`model '${name}' has no alias '${alias}': tensorgate alias ${name} ${alias}=<version>`);
  const current = seen[role]?.version;
  if (percent === 0 && current !== undefined && current !== version) {
    throw new Error(
      `the ${role} of alias '${alias}' is version ${current}, not ${version}: --percent 0 ends that of the version that it is given`,
    );
  }
  if (seen.version === version) throw new Error(`alias '${alias}' leads to version ${version} already`);
  return { releases, seen, version };
}
