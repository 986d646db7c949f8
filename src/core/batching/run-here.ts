import type { Clock } from '../../ports/clock.ts';
import type { Run, Session, SessionOutput } from '../../ports/session.ts';
import type { ModelVersion } from '../model-version.ts';

/** Outputs, and how long they took. */
export interface TimedRun {
  readonly outputs: readonly SessionOutput[];
  readonly inferMs: number;
}

/** Runs on the calling thread, for sessions that can, and records that the model ran. Throws as the session does. */
export function runHere(version: ModelVersion, session: Session, run: Run, clock: Clock): TimedRun {
  const startedMs = clock.now();
  const outputs = session.runSync?.(run) ?? [];
  const inferMs = clock.now() - startedMs;
  version.statistics.executed();
  return { outputs, inferMs };
}
