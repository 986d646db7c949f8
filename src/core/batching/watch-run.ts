import type { Timers } from '../../ports/timers.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { ModelVersion } from '../model-version.ts';
import type { Watchdog } from './watchdog.ts';

/** A run that is watched. */
export interface WatchedRun {
  isGivenUp(): boolean;
  /** To be called once it has ended. */
  end(): void;
}

/** Gives a run up that does not end in time: `giveUp` is to tell it to end, but nobody waits until it does. */
export function watchRun(
  version: ModelVersion,
  watchdog: Watchdog,
  timers: Timers,
  giveUp: (error: ServiceError) => void,
): WatchedRun {
  const ms = version.config.runTimeoutMs || watchdog.runTimeoutMs;
  let isGivenUp = false;
  const stalled = () => {
    isGivenUp = true;
    version.stalledRuns += 1;
    const message = `a run of ${version.label} made no progress in ${ms} ms, and was given up`;
    watchdog.onStalled?.(version, message);
    giveUp(new ServiceError(504, `${message} (runTimeoutMs)`));
  };
  const cancel = ms > 0 ? timers.after(ms, stalled) : () => undefined;
  const end = () => {
    cancel();
    if (isGivenUp) version.stalledRuns -= 1;
  };
  return { isGivenUp: () => isGivenUp, end };
}
