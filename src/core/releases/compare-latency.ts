import type { Clock } from '../../ports/clock.ts';
import type { Run, Session } from '../../ports/session.ts';
import { median } from './median.ts';
import { timesByTurns } from './times-by-turns.ts';

/** Medians of a run. */
export interface ComparedLatency {
  readonly ms: number;
  /** Of the same by what is to be replaced. */
  readonly beforeMs: number;
}

// One look may find a version slower that is not, where the machine has other work.
const looks = 3;
/** A second look ends it where it says so too, in so many of its rounds: by chance that were one in ninety. */
const plainly = 0.9;

/**
 * Medians of how long a run takes, of a session and of the one that it is to replace, by turns; measured again, three
 * times in all, where it seems too slow; twice where the second time it does in nearly every round.
 */
export async function compareLatency(
  session: Session,
  before: Session,
  runs: readonly Run[],
  clock: Clock,
  isTooSlow: (latency: ComparedLatency) => boolean,
): Promise<ComparedLatency> {
  for (let look = 1; ; look += 1) {
    const rounds = await measure(session, before, runs, clock);
    const latency = {
      ms: median(rounds.map(({ ms }) => ms)),
      beforeMs: median(rounds.map(({ beforeMs }) => beforeMs)),
    };
    const share = rounds.filter(isTooSlow).length / rounds.length;
    if (look === looks || (look > 1 && share >= plainly) || !isTooSlow(latency)) return latency;
  }
}

/** How long a run takes on the average, of each round. */
async function measure(
  session: Session,
  before: Session,
  runs: readonly Run[],
  clock: Clock,
): Promise<readonly ComparedLatency[]> {
  const known = before.outputs.map(({ name }) => name);
  const old = runs.map((run) => ({ ...run, outputNames: known }));
  const [own = [], others = []] = await timesByTurns([all(session, runs), all(before, old)], clock);
  return own.map((ms, round) => ({ ms: ms / runs.length, beforeMs: (others[round] as number) / runs.length }));
}

function all(session: Session, runs: readonly Run[]): () => Promise<void> {
  return async () => {
    for (const run of runs) await session.run(run);
  };
}
