import type { Run, Session } from '../ports/session.ts';
import type { StoredAnswer } from '../ports/stored-answer.ts';
import { compareOutputs } from './compare-outputs.ts';
import { RefusedFormError } from './refused-form-error.ts';
import { storeOutputs } from './store-outputs.ts';
import { trialRun } from './trial-run.ts';

/**
 * Runs a prepared form on what its answer was taken from; that run comes back. Rejects with a RefusedFormError where it
 * cannot, or answers something else.
 */
export async function checkAnswer(session: Session, answer: StoredAnswer): Promise<Run> {
  let problem: string | undefined;
  try {
    const trial = trialRun(session, answer);
    problem = compareOutputs(answer.outputs, storeOutputs(trial, await session.run(trial)));
    if (problem === undefined) return trial;
  } catch (error) {
    throw new RefusedFormError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  throw new RefusedFormError(`the prepared form does not answer as the model did: ${problem}`);
}
