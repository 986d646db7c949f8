import type { Run, Session } from '../../src/ports/session.ts';
import { inTurns } from '../in-turns.ts';

const [rounds, msAtOnce] = [25, 100];

/**
 * Milliseconds of a run of each session, in turns: of each round the least, as other work of the machine only adds to
 * it. They are released then.
 */
export async function timeRuns(sessions: readonly Session[], run: Run): Promise<readonly (readonly number[])[]> {
  const times = await inTurns(rounds, ...sessions.map((session) => () => timed(session, run)));
  for (const session of sessions) await session.release();
  return times;
}

async function timed(session: Session, run: Run): Promise<number> {
  const end = performance.now() + msAtOnce;
  let least = Number.POSITIVE_INFINITY;
  for (let before = performance.now(); before < end; ) {
    await session.run(run);
    const after = performance.now();
    least = Math.min(least, after - before);
    before = after;
  }
  return least;
}
