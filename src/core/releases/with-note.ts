import type { AliasTarget, ReleaseState, VersionNote } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { namedVersions } from './named-versions.ts';

/**
 * The releases with a note of a version beside those that it has. Throws ServiceError 409 where it is to be deleted and
 * an alias names it.
 */
export function withNote(before: ReleaseState, version: number, note: VersionNote): ReleaseState {
  const naming = Object.entries(before.aliases).filter(([, target]) => namedVersions(target).includes(version));
  if (note.deleted && naming.length > 0) {
    const uses = naming.map(([alias, target]) => useOf(version, alias, target));
    throw new ServiceError(409, `version ${version} is in use by ${uses.join('; and by ')}`);
  }
  const had = before.versionNotes[version] ?? {};
  const notes = { ...had, ...note };
  if (notes.deleted === had.deleted && notes.deprecated === had.deprecated) return before;
  return { ...before, versionNotes: { ...before.versionNotes, [version]: notes } };
}

/** How an alias uses a version, and what ends that. */
function useOf(version: number, alias: string, target: AliasTarget): string {
  if (target.version === version) return `alias '${alias}': let that lead elsewhere first`;
  const role = target.canary?.version === version ? 'canary' : 'shadow';
  return `alias '${alias}' as its ${role}: tensorgate ${role} <model>@${version} --percent 0 --alias ${alias} ends that`;
}
