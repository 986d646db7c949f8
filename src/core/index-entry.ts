import type { ModelState } from './model-version.ts';

/** A row of the repository index: a version, or a model that has none to show. */
export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  /** What of it is in memory. */
  readonly state: ModelState;
  /** Whether a request would be answered; the reason says how that fits the state. */
  readonly ready: boolean;
  readonly reason: string;
}
