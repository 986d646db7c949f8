import type { AliasTarget } from '../src/ports/model-store.ts';
import type { TrialOptions } from './add-trial-options.ts';
import { callerBreaks } from './caller-breaks.ts';
import { chooseVersion } from './choose-version.ts';
import { findReleases, type Releases } from './find-releases.ts';
import { GateRefusal } from './gate-refusal.ts';
import { meantVersion } from './meant-version.ts';
import { targetOf } from './target-of.ts';
import type { VersionReference } from './version-argument.ts';

export interface Trial {
  readonly releases: Releases;
  readonly seen: AliasTarget;
  readonly version: number;
  /** Why callers of the alias's version cannot use it, for the audit log. */
  readonly details: { readonly forced?: readonly string[] };
}

/**
 * A model, and where an alias leads whose canary or shadow a version is to be, or to be no more. Rejects with an Error
 * where it cannot: there is no such model, version or alias, the alias leads to that version, or the canary or shadow
 * to end is another version, since a mistyped number must not end what goes on; with a GateRefusal where callers of the
 * alias's version cannot use it.
 */
export async function findTrial(
  role: 'canary' | 'shadow',
  { name, version: wanted }: VersionReference,
  { percent, force, alias, models, requireSignature }: TrialOptions,
): Promise<Trial> {
  const releases = await findReleases(models, name, requireSignature);
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
  // One that is on trial already was looked at when it began.
  const breaks = percent > 0 && current !== version ? await callerBreaks(releases, seen.version, version) : [];
  if (breaks.length === 0) return { releases, seen, version, details: {} };
  const why = `callers of version ${seen.version} cannot use version ${version}: ${breaks.join('; ')}`;
  if (!force) throw new GateRefusal(`${why}; nothing was changed, --force makes it the ${role} all the same`);
  console.error(`warning: ${why}`);
  return { releases, seen, version, details: { forced: breaks } };
}
