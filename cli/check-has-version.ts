import type { StoredModel } from '../src/ports/model-store.ts';

/** Throws an Error where a model has no such version. */
export function checkHasVersion({ name, versions, versionNotes }: StoredModel, version: number): void {
  if (versions.includes(version)) return;
  const why = versionNotes[version]?.deleted ? ': it was deleted' : '';
  throw new Error(`model '${name}' has no version ${version}${why}; it has ${versions.join(', ') || 'none'}`);
}
