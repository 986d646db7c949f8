import type { ModelVersion } from '../model-version.ts';

/** What is done about runs that do not end. */
export interface Watchdog {
  /** After how long a run is given up, for models that do not say; 0: never. */
  readonly runTimeoutMs: number;
  /** Hears of a run that was given up. It is told to end, but may go on. */
  onStalled?(version: ModelVersion, message: string): void;
}
