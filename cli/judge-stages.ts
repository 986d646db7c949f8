import { casesOfSource } from '../src/core/factory/cases-of-source.ts';
import type { ConversionReport } from '../src/core/factory/conversion-report.ts';
import { judgeConversion } from '../src/core/factory/judge-conversion.ts';
import { pipedSession } from '../src/core/factory/piped-session.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import type { ModelConfig } from '../src/ports/model-store.ts';
import type { Session } from '../src/ports/session.ts';
import { openModel } from './open-model.ts';
import { sampleRuns } from './sample-runs.ts';
import { trialRunOf } from './trial-run-of.ts';

/** What stages are held against, and how. */
export interface StageJudging {
  /** Of the whole model. */
  readonly path: string;
  readonly samples: readonly Sample[];
  /** Shapes of random inputs where there are no samples. */
  readonly warmupShapes: ModelConfig['warmupShapes'];
  /** How far answers may be off. */
  readonly tolerance: number;
  /** How long they take is measured too; it is no fault. */
  readonly isTimed: boolean;
}

/** Whether stages that are piped answer as the whole does. */
export async function judgeStages(
  stages: readonly string[],
  { path, samples, warmupShapes, tolerance, isTimed }: StageJudging,
): Promise<ConversionReport> {
  const source = await openModel(path, path);
  try {
    const trial = trialRunOf(source, warmupShapes);
    const from = { source, cases: casesOfSource(source, sampleRuns(source, samples)), trial };
    const latencyRatio = isTimed ? Number.POSITIVE_INFINITY : 0;
    const means = { clock: performance, tolerance, latencyRatio, unverified: false };
    const open = async () => pipedSession(source, await openAll(stages));
    return await judgeConversion({ open, from }, means);
  } finally {
    await source.release();
  }
}

async function openAll(stages: readonly string[]): Promise<readonly Session[]> {
  const sessions: Session[] = [];
  try {
    for (const [index, stage] of stages.entries()) sessions.push(await openModel(stage, `stage ${index + 1}`));
    return sessions;
  } catch (error) {
    for (const session of sessions) await session.release();
    throw error;
  }
}
