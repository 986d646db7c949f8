import type { Clock } from '../ports/clock.ts';
import type { ModelFiles, PreparedFiles } from '../ports/model-store.ts';
import type { Run, Session } from '../ports/session.ts';
import { totalBytes } from '../protocol/total-bytes.ts';
import { checkAnswer } from './check-answer.ts';
import type { ModelVersion } from './model-version.ts';
import { sizedByValues } from './sized-by-values.ts';
import { warmUpInputs } from './warm-up-inputs.ts';

const trials = 5;
const longestTrialMs = 2;
// Nothing that disturbs a run, a first one's set-up among it, makes a short one that long: trying it again would only
// delay the first caller.
const surelyLongMs = 10 * longestTrialMs;

/**
 * Runs a model once on zeros, so that the first caller does not pay for what a first run sets up, and learns whether
 * its runs are shorter than a hop to another thread. A prepared form runs on the inputs of its stored answer.
 *
 * Free dimensions are as its settings say, or as its task fills them. Returns what to note about it: a model may refuse
 * the shape 1 that others are given; that says nothing against the model. Rejects where shapes from the model's
 * settings are refused, and where a prepared form answers something else than the model.
 */
export async function warmUp(
  version: ModelVersion,
  session: Session,
  files: ModelFiles | PreparedFiles,
  clock: Clock,
): Promise<string> {
  const wanted = version.config.warmupShapes;
  const shapes = { ...version.task?.preprocess.shapes, ...wanted };
  let run: Run;
  const started = clock.now();
  try {
    run = {
      inputNames: session.inputs.map((input) => input.name),
      inputs: warmUpInputs(session.inputs, shapes),
      outputNames: session.outputs.map((output) => output.name),
    };
    const trial = 'answer' in files ? await checkAnswer(session, files.answer) : undefined;
    const isWarm = run.inputs.every((input, index) => String(input.shape) === String(trial?.inputs[index]?.shape));
    if (!isWarm) await session.run(run);
  } catch (error) {
    if ('answer' in files || Object.keys(wanted).length > 0) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    return `the warm-up on zeros, with free dimensions of 1, was refused (set warmupShapes in model.json): ${detail}`;
  }
  // What a run on zeros took says nothing of one on other values then.
  if (!session.runSync || sizedByValues(files.operators) || clock.now() - started > surelyLongMs) return '';
  const apartMs = await least(clock, () => session.run(run));
  // Longer runs are tried no further: on the calling thread they would delay everybody.
  if (apartMs > longestTrialMs) return '';
  const hereMs = await least(clock, () => session.runSync?.(run));
  version.cost.observe(totalBytes(run.inputs), hereMs);
  return '';
}

/** The least time that `work` took, which is the one that nothing else on the machine disturbed. */
async function least(clock: Clock, work: () => unknown): Promise<number> {
  let leastMs = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < trials && leastMs > 0; trial += 1) {
    const started = clock.now();
    await work();
    leastMs = Math.min(leastMs, clock.now() - started);
    if (leastMs > surelyLongMs) break;
  }
  return leastMs;
}
