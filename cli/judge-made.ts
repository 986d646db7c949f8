import { casesOfSource } from '../src/core/factory/cases-of-source.ts';
import type { ConversionReport } from '../src/core/factory/conversion-report.ts';
import { judgeConversion } from '../src/core/factory/judge-conversion.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import type { Session } from '../src/ports/session.ts';
import type { Source } from './find-source.ts';
import type { GateOptions } from './gate-options.ts';
import type { JudgedLabels } from './judged-labels.ts';
import { judgedTask } from './judged-task.ts';
import { openModel } from './open-model.ts';
import { SampleProgress } from './sample-progress.ts';
import { sampleRuns } from './sample-runs.ts';
import { trialRunOf } from './trial-run-of.ts';

export interface MadeToJudge {
  /** The model that was made. */
  readonly path: string;
  readonly name: string;
  readonly source: Source;
  readonly session: Session;
  readonly samples: readonly Sample[];
  /** The classes that are right, by the order of samples. */
  readonly labels: JudgedLabels | undefined;
  readonly unverified: boolean;
  readonly signal: AbortSignal;
}

/**
 * What the gate finds of a model that was made of another and may have lost something. Rejects where `signal` aborts.
 */
export async function judgeMade(made: MadeToJudge, options: GateOptions): Promise<ConversionReport> {
  const { path, name, source, session, samples, labels, unverified, signal } = made;
  const cases = casesOfSource(session, sampleRuns(session, samples));
  const task = labels && (await judgedTask(session, cases, labels));
  const progress = new SampleProgress(samples.length);
  progress.next(name);
  try {
    const from = { source: session, cases, trial: trialRunOf(session, source.warmupShapes) };
    return await judgeConversion(
      { open: () => openModel(path, name), from, task },
      {
        clock: performance,
        tolerance: undefined,
        latencyRatio: options.latencyRatio,
        lossPoints: options.lossPoints,
        cosine: options.leastCosine,
        unverified,
        onCase: () => {
          signal.throwIfAborted();
          progress.answered();
        },
      },
    );
  } finally {
    progress.stop();
  }
}
