import type { ModelConfig } from '../ports/model-store.ts';
import type { Session } from '../ports/session.ts';
import type { StoredAnswer } from '../ports/stored-answer.ts';
import { compareOutputs } from './compare-outputs.ts';
import { storeOutputs } from './store-outputs.ts';
import { trialRun } from './trial-run.ts';
import { warmUpInputs } from './warm-up-inputs.ts';

/**
 * What a model answers on inputs of its warm-up shapes that look random; on zeros where it refuses those.
 *
 * Rejects with an Error where it refuses both, and where it answers something else each time.
 */
export async function takeAnswer(session: Session, shapes: ModelConfig['warmupShapes']): Promise<StoredAnswer> {
  const zeros = warmUpInputs(session.inputs, shapes);
  const inputs = session.inputs.map(({ name }, index) => ({ name, shape: zeros[index]?.shape ?? [] }));
  return take(session, { values: 'random', inputs }).catch(() => take(session, { values: 'zeros', inputs }));
}

async function take(session: Session, question: Omit<StoredAnswer, 'outputs'>): Promise<StoredAnswer> {
  const run = trialRun(session, question);
  const outputs = storeOutputs(run, await session.run(run));
  const problem = compareOutputs(outputs, storeOutputs(run, await session.run(run)));
  if (problem !== undefined) throw new Error(`the model answers something else each time: ${problem}`);
  return { ...question, outputs };
}
