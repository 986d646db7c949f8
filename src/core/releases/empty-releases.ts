import type { ReleaseState } from '../../ports/model-store.ts';

/** Of a model that has no aliases, and none of whose versions was deprecated or deleted. */
export const emptyReleases: ReleaseState = { aliases: {}, versionNotes: {} };
