import { restoreTrainer } from './restore-trainer.ts';
import type { WorkerResult, WorkerTask } from './train-in-rounds.ts';
import type { Trainer } from './trainer.ts';
import { trainerState } from './trainer-state.ts';
import type { TrainingRows } from './training-rows.ts';

/**
 * Does what a worker is to do in a round. What was in the trainer before does not count; what comes back is the
 * trainer's own memory.
 */
export async function doTask(
  trainer: Trainer,
  rows: TrainingRows,
  task: WorkerTask,
  signal?: AbortSignal,
): Promise<WorkerResult> {
  restoreTrainer(trainer, task);
  let [loss, count] = [0, 0];
  for (const [at, batch] of task.batches.entries()) {
    const step = await trainer.step(rows.batch(batch), task.rates[at] as number, signal);
    loss += step.loss * batch.length;
    count += batch.length;
  }
  const { weights, states } = trainerState(trainer);
  return { weights, states, loss, rows: count };
}
