import { selectVersions } from '../src/core/select-versions.ts';
import type { StoredModel } from '../src/ports/model-store.ts';

/** The version that a number or alias names; without one what the server would answer with. Throws an Error where there is none. */
export function chooseVersion({ name, versions, aliases, ...model }: StoredModel, reference?: string): number {
  const wanted = reference ?? (Object.hasOwn(aliases, 'production') ? 'production' : undefined);
  if (wanted === undefined) {
    const newest = selectVersions({ name, versions, aliases, ...model }).at(-1);
    if (newest !== undefined) return newest;
    throw new Error(`model '${name}' has no version that its version policy serves; it has ${versions.join(', ')}`);
  }
  const number = Object.hasOwn(aliases, wanted) ? aliases[wanted]?.version : Number(wanted);
  if (number !== undefined && versions.includes(number)) return number;
  const known = [...versions, ...Object.keys(aliases)].join(', ');
  throw new Error(`model '${name}' has no version or alias '${wanted}'; it has ${known}`);
}
