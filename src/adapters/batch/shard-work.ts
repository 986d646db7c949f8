import type { BatchModel } from '../../core/batch/batch-model.ts';
import type { BatchSettings } from '../../core/batch/batch-plan.ts';
import type { ShardWork } from '../../core/batch/infer-shard.ts';
import { recordLayout } from '../../core/batch/record-layout.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { recordFormatOf } from './record-format-of.ts';

export interface ShardWorkOptions {
  /** The file's name, which tells its format. */
  readonly key: string;
  /** Where what planning finds is kept until the job is done. */
  readonly work: ObjectStore;
  readonly settings: BatchSettings;
  readonly runsAtOnce: number;
}

/** How the records of a file are read, run and written; all that a shard's work has besides its plan and its stores. */
export function shardWork(
  model: BatchModel,
  { key, work, settings, runsAtOnce }: ShardWorkOptions,
): Pick<ShardWork, 'format' | 'parts' | 'fields' | 'engine' | 'clock'> {
  const { records, partsOf } = recordFormatOf(key, { work });
  const { inputs: specs, outputs } = model.signature;
  const wanted = outputs.filter(({ name }) => settings.outputs.includes(name));
  return {
    format: records,
    parts: partsOf(settings.kept, wanted.length > 0 ? wanted : outputs),
    fields: { inputs: recordLayout(specs, settings.mapping), kept: settings.kept },
    engine: { specs, runsAtOnce, run: model.runFor(settings.outputs) },
    clock: { now: () => performance.now() },
  };
}
