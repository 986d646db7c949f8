import type { Run, Session } from '../ports/session.ts';
import type { StoredAnswer } from '../ports/stored-answer.ts';
import { compareOutputs } from './compare-outputs.ts';
import { storeOutputs } from './store-outputs.ts';
import { trialRun } from './trial-run.ts';

/** Runs a prepared form on what its answer was taken from; tells whether its inputs have the shapes of `run`. Rejects with an Error where it answers something else. */
export async function checkAnswer(session: Session, answer: StoredAnswer, run: Run): Promise<boolean> {
  const trial = trialRun(session, answer);
  const problem = compareOutputs(answer.outputs, storeOutputs(trial, await session.run(trial)));
  if (problem !== undefined) throw new Error(`the prepared form does not answer as the model did: ${problem}`);
  return trial.inputs.every((input, index) => String(input.shape) === String(run.inputs[index]?.shape));
}
