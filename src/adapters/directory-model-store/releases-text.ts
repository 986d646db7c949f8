import type { AliasTarget, ReleaseState } from '../../ports/model-store.ts';
import { versionNotesKey } from './version-notes-key.ts';

/** The text of an `aliases.json`, as people write it too. */
export function releasesText({ aliases, versionNotes }: ReleaseState): string {
  const targets = Object.entries(aliases).map(([alias, target]) => [alias, shortest(target)]);
  const notes = Object.keys(versionNotes).length > 0 ? { [versionNotesKey]: versionNotes } : {};
  return `${JSON.stringify({ ...Object.fromEntries(targets), ...notes }, null, 2)}\n`;
}

function shortest(target: AliasTarget): AliasTarget | number {
  return Object.keys(target).length === 1 ? target.version : target;
}
