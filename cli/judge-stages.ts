import { casesOfSource } from '../src/core/factory/cases-of-source.ts';
import type { ConversionReport } from '../src/core/factory/conversion-report.ts';
import { judgeConversion } from '../src/core/factory/judge-conversion.ts';
import { pipedSession } from '../src/core/factory/piped-session.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import type { Session } from '../src/ports/session.ts';
import { openModel } from './open-model.ts';
import { sampleRuns } from './sample-runs.ts';
import { trialRunOf } from './trial-run-of.ts';

/** Whether stages that are piped answer as the model at `path` does, off by no more than `tolerance`. How long they take is no fault, and measured where it `isTimed`. */
export async function judgeStages(
  path: string,
  stages: readonly string[],
  samples: readonly Sample[],
  tolerance: number,
  isTimed = true,
): Promise<ConversionReport> {
  const source = await openModel(path, path);
  const open = async () => {
    const sessions: Session[] = [];
    for (const [index, stage] of stages.entries()) sessions.push(await openModel(stage, `stage ${index + 1}`));
    return pipedSession(source, sessions);
  };
  try {
    const from = { source, cases: casesOfSource(source, sampleRuns(source, samples)), trial: trialRunOf(source, {}) };
    const means = {
      clock: performance,
      tolerance,
      latencyRatio: isTimed ? Number.POSITIVE_INFINITY : 0,
      unverified: false,
    };
    return await judgeConversion({ open, from }, means);
  } finally {
    await source.release();
  }
}
