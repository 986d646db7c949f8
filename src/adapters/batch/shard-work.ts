import type { BatchModel } from '../../core/batch/batch-model.ts';
import type { BatchSettings } from '../../core/batch/batch-plan.ts';
import type { ShardWork } from '../../core/batch/infer-shard.ts';
import { recordLayout } from '../../core/batch/record-layout.ts';
import { recordFormatOf } from './record-format-of.ts';

/** How the records of a file are read, run and written; all that a shard's work has besides its plan and its stores. */
export function shardWork(
  model: BatchModel,
  key: string,
  settings: BatchSettings,
  runsAtOnce: number,
): Pick<ShardWork, 'format' | 'parts' | 'fields' | 'engine' | 'clock'> {
  const { records, partsOf } = recordFormatOf(key);
  const specs = model.signature.inputs;
  return {
    format: records,
    parts: partsOf(settings.kept),
    fields: { inputs: recordLayout(specs, settings.mapping), kept: settings.kept },
    engine: { specs, runsAtOnce, run: model.runFor(settings.outputs) },
    clock: { now: () => performance.now() },
  };
}
