import type { StoredObject } from './stored-object.ts';
import type { VersionObjects } from './version-objects.ts';

/** A model as the keys of a bucket lay it out. */
export interface LaidOutModel {
  readonly name: string;
  /** Whole versions, by number, ascending. */
  readonly versions: ReadonlyMap<number, VersionObjects>;
  /** Prepared forms, by `<version>/<key>`. */
  readonly prepared: ReadonlyMap<string, VersionObjects>;
  /** What looks like a model or version but has no place in the layout, and what is expected. */
  readonly misplaced: readonly string[];
  readonly config: StoredObject | undefined;
  readonly aliases: StoredObject | undefined;
}
