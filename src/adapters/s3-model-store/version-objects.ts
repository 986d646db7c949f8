import type { StoredObject } from './stored-object.ts';

/** The objects of a version, by their paths in its folder. */
export type VersionObjects = ReadonlyMap<string, StoredObject>;
