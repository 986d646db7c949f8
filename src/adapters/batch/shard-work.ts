import type { BatchModel } from '../../core/batch/batch-model.ts';
import { checkKept } from '../../core/batch/check-kept.ts';
import type { ShardWork } from '../../core/batch/infer-shard.ts';
import { patientRun } from '../../core/batch/patient-run.ts';
import { recordLayout } from '../../core/batch/record-layout.ts';
import { pauseBeforeRetry } from '../s3-model-store/pause-before-retry.ts';
import type { OpenInput } from './open-input.ts';

const retries = { attempts: 4, firstPauseMs: 250, longestPauseMs: 2000 };

/** How the records of an input are read, run and written; all that a shard's work has besides its plan and its stores. */
export function shardWork(
  model: BatchModel,
  { records, partsOf, settings, required }: OpenInput,
  runsAtOnce: number,
): Pick<ShardWork, 'format' | 'parts' | 'fields' | 'engine' | 'clock'> {
  const { inputs: specs, outputs } = model.signature;
  const named = outputs.filter(({ name }) => settings.outputs.includes(name));
  const wanted = named.length > 0 ? named : outputs;
  checkKept(settings.kept, wanted);
  const run = patientRun(model.runFor(settings.outputs), (failures) => pauseBeforeRetry(failures, retries));
  return {
    format: records,
    parts: partsOf(settings.kept, wanted),
    fields: { inputs: recordLayout(specs, settings.mapping), kept: settings.kept, required },
    engine: { specs, runsAtOnce, run },
    clock: { now: () => performance.now() },
  };
}
