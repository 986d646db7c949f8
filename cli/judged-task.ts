import type { Task } from '../src/core/factory/task.ts';
import { taskOfLabels } from '../src/core/factory/task-of-labels.ts';
import type { TrialCase } from '../src/core/factory/trial-case.ts';
import type { Session } from '../src/ports/session.ts';
import type { JudgedLabels } from './judged-labels.ts';
import { sampleRuns } from './sample-runs.ts';

/**
 * What a model is for by the classes that are right of what is judged, and of what was learned. Rejects as
 * `taskOfLabels`.
 */
export async function judgedTask(
  session: Session,
  cases: readonly TrialCase[],
  { learned, ...labels }: JudgedLabels,
): Promise<Task> {
  if (!learned) return taskOfLabels(session, cases, labels);
  // Asked once: its answers are not kept, as those are that are judged.
  const lessons = sampleRuns(session, learned.samples).map(({ where, run }) => ({
    where,
    run,
    expected: () => session.run(run),
  }));
  return taskOfLabels(session, cases, { ...labels, fitted: { cases: lessons, labels: learned.labels } });
}
