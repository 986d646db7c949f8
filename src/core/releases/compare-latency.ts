import type { Clock } from '../../ports/clock.ts';
import type { Run, Session } from '../../ports/session.ts';
import { medianTimes } from './median-times.ts';

/** Medians of a run. */
export interface ComparedLatency {
  readonly ms: number;
  /** Of the same by what is to be replaced. */
  readonly beforeMs: number;
}

// One look may find a version slower that is not, where the machine has other work.
const looks = 3;

/**
 * Medians of how long a run takes, of a session and of the one that it is to replace, by turns; measured again, three
 * times in all, where it seems too slow.
 */
export async function compareLatency(
  session: Session,
  before: Session,
  runs: readonly Run[],
  clock: Clock,
  isTooSlow: (latency: ComparedLatency) => boolean,
): Promise<ComparedLatency> {
  let latency = await measure(session, before, runs, clock);
  for (let look = 1; look < looks && isTooSlow(latency); look += 1)
    latency = await measure(session, before, runs, clock);
  return latency;
}

async function measure(
  session: Session,
  before: Session,
  runs: readonly Run[],
  clock: Clock,
): Promise<ComparedLatency> {
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
