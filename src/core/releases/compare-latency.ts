import type { Clock } from '../../ports/clock.ts';
import type { Run, Session } from '../../ports/session.ts';
import { medianTimes } from './median-times.ts';

/** Medians of how long a run takes, of a session and of the one that it is to replace, by turns. */
export async function compareLatency(
  session: Session,
  before: Session,
  runs: readonly Run[],
  clock: Clock,
): Promise<{ readonly ms: number; readonly beforeMs: number }> {
  const known = before.outputs.map(({ name }) => name);
  const old = runs.map((run) => ({ ...run, outputNames: known }));
  const [ms = 0, beforeMs = 0] = await medianTimes([all(session, runs), all(before, old)], clock);
  return { ms: ms / runs.length, beforeMs: beforeMs / runs.length };
}

function all(session: Session, runs: readonly Run[]): () => Promise<void> {
  return async () => {
    for (const run of runs) await session.run(run);
  };
}
