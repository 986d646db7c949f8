import type { ReleaseState } from '../../ports/model-store.ts';

/** The releases where a version is deprecated no more; the same ones where it was not. */
export function withoutDeprecation(before: ReleaseState, version: number): ReleaseState {
  const note = before.versionNotes[version];
  if (note?.deprecated === undefined) return before;
  const { deprecated: _why, deprecatedAt: _since, ...left } = note;
  const { [version]: _note, ...others } = before.versionNotes;
  return { ...before, versionNotes: Object.keys(left).length > 0 ? { ...others, [version]: left } : others };
}
