import { selectVersions } from '../src/core/select-versions.ts';
import type { StoredModel } from '../src/ports/model-store.ts';
import { meantVersion } from './meant-version.ts';

/**
 * The version that a number or alias names; without one what the server would answer with. Throws an Error where there
 * is none.
 */
export function chooseVersion(model: StoredModel, reference?: string): number {
  const { name, versions, aliases, versionNotes } = model;
  const wanted = reference ?? (Object.hasOwn(aliases, 'production') ? 'production' : undefined);
  if (wanted === undefined) {
    const newest = selectVersions(model).at(-1);
    if (newest !== undefined) return newest;
    throw new Error(`model '${name}' has no version that its version policy serves; it has ${versions.join(', ')}`);
  }
  const number = meantVersion(aliases, wanted);
  if (number !== undefined && versions.includes(number)) return number;
  const why = number !== undefined && versionNotes[number]?.deleted ? ': it was deleted' : '';
  const known = [...versions, ...Object.keys(aliases)].join(', ');
  throw new Error(`model '${name}' has no version or alias '${wanted}'${why}; it has ${known || 'none'}`);
}
