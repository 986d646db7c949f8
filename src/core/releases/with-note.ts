import type { AliasTarget, ReleaseState, VersionNote } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { namedVersions } from './named-versions.ts';

/** The releases with a note of a version beside those that it has. Throws ServiceError 409 where it is to be deleted and an alias names it. */
export function withNote(before: ReleaseState, version: number, note: VersionNote): ReleaseState {
  const naming = Object.entries(before.aliases).filter(([, target]) => namedVersions(target).includes(version));
  if (note.deleted && naming.length > 0) {
    const places = naming.map(([alias, target]) => `alias '${alias}' (${roleOf(version, target)})`);
    throw new ServiceError(409, `version ${version} is in use by ${places.join(' and ')}: let it lead elsewhere first`);
  }
  const had = before.versionNotes[version] ?? {};
  const notes = { ...had, ...note };
  if (notes.deleted === had.deleted && notes.deprecated === had.deprecated) return before;
  return { ...before, versionNotes: { ...before.versionNotes, [version]: notes } };
}

function roleOf(version: number, target: AliasTarget): string {
  if (target.version === version) return 'its version';
  return target.canary?.version === version ? 'its canary' : 'its shadow';
}
