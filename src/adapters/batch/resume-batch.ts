import { BatchModel } from '../../core/batch/batch-model.ts';
import type { BatchPlan } from '../../core/batch/batch-plan.ts';
import type { ShardWork } from '../../core/batch/infer-shard.ts';
import type { DataPlane } from '../../core/data-plane.ts';
import { openInput } from './open-input.ts';
import type { BatchRequest } from './settle-batch.ts';
import { shardWork } from './shard-work.ts';

/** What there is to do of a job that was settled before, with the version of its model. */
export async function resumeBatch(
  dataPlane: DataPlane,
  plan: BatchPlan,
  { file, input, output, workers, signal }: Pick<BatchRequest, 'file' | 'input' | 'output' | 'workers' | 'signal'>,
): Promise<Omit<ShardWork, 'onProgress'>> {
  const found = { ...(await openInput(input, file, output, plan.settings)), settings: plan.settings };
  const model = await BatchModel.open(dataPlane, plan.model, String(plan.version), signal);
  return { plan, input, output, ...shardWork(model, found, workers) };
}
