import type { LoadPoint } from './load-point.ts';
import type { TunableSettings } from './tunable-settings.ts';

/** What was measured with settings. */
export interface Trial {
  readonly settings: TunableSettings;
  /** By number of callers, ascending. */
  readonly points: readonly LoadPoint[];
  /** The most requests a second within the goal; undefined where even a single caller does not get it. */
  readonly best: LoadPoint | undefined;
}
