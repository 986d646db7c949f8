import type { PartWriter } from '../../ports/part-writer.ts';
import type { Shard } from '../../ports/record-format.ts';
import type { BatchPlan } from './batch-plan.ts';
import { inferWindow, type WindowOptions } from './infer-window.ts';
import { runShard, type ShardFiles } from './run-shard.ts';

export interface ShardWork extends ShardFiles {
  readonly plan: BatchPlan;
  readonly parts: PartWriter;
  readonly engine: Omit<WindowOptions, 'part' | 'rows'>;
}

/** Runs a model over the records of a shard; see `runShard`. */
export function inferShard(work: ShardWork, shard: Shard): Promise<void> {
  const { plan, parts, engine } = work;
  return runShard(work, shard, parts.extension, async () => {
    const part = await parts.begin(work.input, plan.file);
    return {
      window: (records) => inferWindow(records, { ...engine, part, rows: plan.rows }),
      take: () => part.take(),
      end: () => part.end(),
    };
  });
}
