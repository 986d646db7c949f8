import type { Sample } from '../src/core/releases/sample.ts';
import { sampleRun } from '../src/core/releases/sample-run.ts';
import type { Run, Session } from '../src/ports/session.ts';
import { defaultLimits } from '../src/settings.ts';

/** What samples ask of a session, each with what it is called. Throws an Error that names one that does not fit. */
export function sampleRuns(session: Session, samples: readonly Sample[]): readonly { where: string; run: Run }[] {
  return samples.map((sample) => ({
    where: sample.where,
    run: sampleRun(session, sample, defaultLimits),
  }));
}
