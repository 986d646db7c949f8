import type { BatchModel } from '../../core/batch/batch-model.ts';
import { checkKept } from '../../core/batch/check-kept.ts';
import type { ShardWork } from '../../core/batch/infer-shard.ts';
import { patientRun } from '../../core/batch/patient-run.ts';
import { recordLayout } from '../../core/batch/record-layout.ts';
import type { RunModel } from '../../core/batch/run-records.ts';
import { batchable } from '../../core/batchable.ts';
import { predictionOutput } from '../../core/tasks/item-input.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { pauseBeforeRetry } from '../s3-model-store/pause-before-retry.ts';
import type { OpenInput } from './open-input.ts';
import { taskRecords } from './task-records.ts';

const retries = { attempts: 4, firstPauseMs: 250, longestPauseMs: 2000 };

/** What records fill, what comes of them, and how. */
interface Runs {
  readonly specs: readonly TensorSpec[];
  readonly wanted: readonly TensorSpec[];
  readonly run: RunModel;
  /** Whether records may be run together. */
  readonly canShareRuns: boolean;
}

type SharedWork = Pick<ShardWork, 'format' | 'parts' | 'fields' | 'engine' | 'clock'> & Pick<Runs, 'canShareRuns'>;

/**
 * How the records of an input are read, run and written; all that a shard's work has besides its plan and its stores.
 */
export function shardWork(model: BatchModel, input: OpenInput, runsAtOnce: number): SharedWork {
  const { records, partsOf, settings, required } = input;
  const { specs, wanted, run: runOnce, canShareRuns } = runsOf(model, input);
  checkKept(settings.kept, wanted);
  const run = patientRun(runOnce, (failures) => pauseBeforeRetry(failures, retries));
  return {
    format: records,
    parts: partsOf(settings.kept, wanted),
    fields: { inputs: recordLayout(specs, settings.mapping), kept: settings.kept, required },
    engine: { specs, runsAtOnce, run },
    clock: performance,
    canShareRuns,
  };
}

/** Items of the model's task, each a request of its own, or tensors. */
function runsOf(model: BatchModel, input: OpenInput): Runs {
  const { signature, version } = model;
  const { task } = version;
  const items = taskRecords(task, input);
  if (task && items) {
    const wanted: TensorSpec[] = [{ name: predictionOutput, datatype: 'BYTES', shape: [-1] }];
    return { specs: items.inputs, wanted, run: model.runTask(task, items), canShareRuns: true };
  }
  const { inputs: specs, outputs } = signature;
  const names = input.settings.outputs;
  const named = outputs.filter(({ name }) => names.includes(name));
  const canShareRuns = batchable(specs, outputs, version.operators).possible;
  return { specs, wanted: named.length > 0 ? named : outputs, run: model.runFor(names), canShareRuns };
}
