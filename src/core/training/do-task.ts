import type { FixedTensor } from '../../protocol/tensor.ts';
import type { WorkerResult, WorkerTask } from './train-in-rounds.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingRows } from './training-rows.ts';

/** Does what a worker is to do in a round. What was in the trainer before does not count. */
export async function doTask(trainer: Trainer, rows: TrainingRows, task: WorkerTask): Promise<WorkerResult> {
  trainer.steps = task.steps;
  for (const [name, { data }] of task.weights) trainer.weights.get(name)?.data.set(data);
  for (const [name, { data }] of task.states) trainer.states.get(name)?.data.set(data);
  let [loss, count] = [0, 0];
  for (const [at, batch] of task.batches.entries()) {
    const step = await trainer.step(rows.batch(batch), task.rates[at] as number);
    loss += step.loss * batch.length;
    count += batch.length;
  }
  const weights = new Map(Array.from(task.weights.keys(), (name) => [name, trainer.weights.get(name) as FixedTensor]));
  return { weights, states: trainer.states, loss, rows: count };
}
