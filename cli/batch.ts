import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { Command } from 'commander';
import { absolutePlace } from '../src/adapters/absolute-place.ts';
import { locateFile } from '../src/adapters/batch/locate-file.ts';
import { type BatchOptions, openBatch } from '../src/adapters/batch/open-batch.ts';
import { openFolder } from '../src/adapters/batch/open-folder.ts';
import { checkWritable } from '../src/adapters/directory-object-store/check-writable.ts';
import { placeOf } from '../src/adapters/place-of.ts';
import type { BatchSettings } from '../src/core/batch/batch-plan.ts';
import type { BatchReport } from '../src/core/batch/batch-report.ts';
import { type JobWork, runJob } from '../src/core/batch/run-job.ts';
import { jobState } from '../src/core/batch-jobs/job-state.ts';
import { batchCancelCommand } from './batch-cancel.ts';
import { BatchProgress } from './batch-progress.ts';
import { batchStatusCommand } from './batch-status.ts';
import { findModel } from './find-model.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { parseMapping } from './parse-mapping.ts';
import { repeated } from './repeated.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { setUpProcess } from './set-up-process.ts';
import { wholeNumber } from './whole-number.ts';

interface BatchCommandOptions {
  readonly models: string;
  readonly requireSignature?: string;
  readonly out?: string;
  readonly workers: number;
  readonly map?: Readonly<Record<string, readonly string[]>>;
  readonly keep?: readonly string[];
  readonly output?: readonly string[];
  readonly maxFailed?: number;
  readonly shardBytes?: number;
  readonly json: boolean;
}

/** `tensorgate batch`: an answer for each record of a file. */
export function batchCommand(): Command {
  const command = new Command('batch')
    .description('run a model over the records of a file: an answer, or the reason why there is none, for each')
    .addArgument(modelArgument())
    .argument(
      '<input>',
      'a file of records, here or at s3://<bucket>/<key>: .jsonl, .csv, .tsv (or these with .gz), .npy, .parquet; a .manifest.json; or a folder of files that are a record each',
    )
    .addOption(modelsOption())
    .addOption(requireSignatureOption())
    .option(
      '-o, --out <folder>',
      'where the results go, here or at s3://<bucket>/<prefix>; out/<model>/<file name> without it',
    )
    .option('--workers <number>', 'runs at once', wholeNumber(1, 256), availableParallelism())
    .option('--map <input=field,…>', 'the field, or fields, that fill an input; repeat for more', parseMapping)
    .option('--keep <field>', "a field that goes through to the output, 'id' without it; repeat for more", repeated)
    .option('--output <name>', 'an output that is wanted, all without it; repeat for more', repeated)
    .option('--max-failed <number>', 'records without an answer past which the job fails', wholeNumber(0, 2 ** 50))
    .option(
      '--shard-bytes <number>',
      'bytes of input in a shard, 16 MiB without it: what is done again at most after an interruption',
      wholeNumber(1, 2 ** 40),
    )
    .option('--json', 'print the report as JSON', false)
    .addHelpText('after', '\nWhat is said here goes before what a manifest says.')
    .action(batch);
  // So that --json after a command is that command's own.
  return command.enablePositionalOptions().addCommand(batchStatusCommand()).addCommand(batchCancelCommand());
}

async function batch(
  { name: model, version: reference }: ModelReference,
  input: string,
  options: BatchCommandOptions,
): Promise<void> {
  setUpProcess(options.workers);
  const { store: models } = await findModel(options.models, model, options.requireSignature);
  const file = locateFile(input);
  const place = placeOf(options.out ?? `out/${model}/${basename(file.key)}`);
  const folder = absolutePlace(place);
  const progress = openProgress(options.json);
  if ('path' in place) checkWritable(folder);
  const signal = interruptSignal();
  signal.addEventListener('abort', () => progress.stop());
  const say = (_fields: object, message: string) => progress.say(message);
  const report = await doJob(progress, {
    models,
    model,
    reference,
    input: file,
    output: openFolder(folder),
    chosen: chosenSettings(options),
    shardBytes: options.shardBytes,
    workers: options.workers,
    log: { info: () => undefined, warn: say, error: say },
    signal,
    onProgress: (records, failed) => progress.add(records, failed),
  }).catch((error) => {
    // What fails because it was ended is no news.
    if (signal.aborted) process.exit();
    throw error;
  });
  if (signal.aborted) process.exit();
  print(report, folder, options.json);
}

/** Does a job, and shows meanwhile how far it is. */
async function doJob(progress: BatchProgress, options: BatchOptions): Promise<BatchReport> {
  progress.prepare('the model is loaded, and the records are counted …');
  try {
    const work = await openBatch(options);
    const { records, answered, failed, report } = await jobState(work.output);
    if (!report) progress.start(records, { done: answered + failed, failed });
    const run: JobWork['engine']['run'] = async (inputs) => {
      const outputs = await work.engine.run(inputs);
      progress.ran(inputs[0]?.shape[0] ?? 1);
      return outputs;
    };
    return await runJob({ ...work, engine: { ...work.engine, run } });
  } finally {
    progress.stop();
  }
}

/**
 * What goes to stderr: a bar where it is a terminal, unless JSON goes to the same one; else lines, unless a program
 * reads.
 */
function openProgress(json: boolean): BatchProgress {
  const { stdout, stderr } = process;
  const bar = json && stdout.isTTY ? 'none' : 'bar';
  const lines = json ? 'none' : 'lines';
  return new BatchProgress({ stream: stderr, form: stderr.isTTY ? bar : lines, clock: performance });
}

function chosenSettings({ map, keep, output, maxFailed }: BatchCommandOptions): Partial<BatchSettings> {
  return {
    ...(map && { mapping: map }),
    ...(keep && { kept: keep }),
    ...(output && { outputs: output }),
    ...(maxFailed !== undefined && { maxFailedRecords: maxFailed }),
  };
}

function print(report: BatchReport, folder: string, json: boolean): void {
  if (json) console.log(JSON.stringify(report, null, 2));
  else console.log(summary(report, folder));
  if (report.status === 'completed') return;
  console.error(report.reason);
  process.exitCode = 1;
}

function summary({ status, answered, failed, errors }: BatchReport, folder: string): string {
  const where = errors ? ` (${errors.file})` : '';
  return `${status}: ${answered} ${answered === 1 ? 'record' : 'records'} answered, ${failed} failed${where}; ${folder}`;
}
