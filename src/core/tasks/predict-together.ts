import { totalBytes } from '../../protocol/total-bytes.ts';
import { itemsInHand } from '../items-in-hand.ts';
import { answerItem } from './answer-item.ts';
import type { ItemInputs } from './flow.ts';
import type { Item, Predicted } from './predict.ts';
import { runRows, type SharedRuns } from './run-rows.ts';
import type { Task } from './task.ts';

// Tensors that are held at once, about: a picture takes far more as one than as a file.
const mostBytes = 16 * 1024 * 1024;
const preparedAtOnce = 4;

/**
 * What the model of a task says of each item of a batch job, in their order: those whose inputs have equal shapes share
 * a run. Rejects with the first failure.
 */
export async function predictTogether(
  task: Task,
  items: readonly Item[],
  how: SharedRuns,
): Promise<readonly Predicted[]> {
  const found: Predicted[] = [];
  let held: ItemInputs[] = [];
  let bytes = 0;
  for (let start = 0; start < items.length; start += preparedAtOnce) {
    const some = items.slice(start, start + preparedAtOnce);
    const prepared = await Promise.all(some.map((item) => itemsInHand.run(async () => task.preprocess.apply(item))));
    held.push(...prepared);
    bytes += prepared.reduce((sum, { tensors }) => sum + totalBytes(tensors), 0);
    if (bytes < mostBytes && start + some.length < items.length) continue;
    found.push(...(await runPrepared(task, held, how)));
    [held, bytes] = [[], 0];
  }
  return found;
}

async function runPrepared(
  task: Task,
  prepared: readonly ItemInputs[],
  how: SharedRuns,
): Promise<readonly Predicted[]> {
  const found: Predicted[] = [];
  for (const [index, outputs] of (await runRows(prepared, how)).entries())
    found.push(await answerItem(task, prepared[index] as ItemInputs, outputs, { topK: undefined }));
  return found;
}
