import type { AliasTarget } from '../ports/model-store.ts';
import type { ModelVersion } from './model-version.ts';

/** What a reference to a version means. */
export interface Meant {
  readonly version: ModelVersion;
  /**
   * The alias that it is, or that calls without a version go by; absent: a number, or none and there is no such alias.
   */
  readonly alias?: string;
  /** Where the alias leads. */
  readonly target?: AliasTarget;
  /** As far as they are served. */
  readonly canary?: ModelVersion | undefined;
  readonly shadow?: ModelVersion | undefined;
}
