import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, Size } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { DataBucket } from './data-bucket.ts';
import { entryOf } from './entry-of.ts';
import { InferenceFunction } from './inference-function.ts';
import type { ModelBucket } from './model-bucket.ts';
import { OnnxRuntimeLayer } from './onnx-runtime-layer.ts';
import { RoundFunction } from './round-function.ts';
import { SmallFunction } from './small-function.ts';

export interface AddJobFunctionsProps {
  readonly models: ModelBucket;
  readonly data: DataBucket;
  /** @default a layer of its own, for x86_64 */
  readonly runtime?: OnnxRuntimeLayer | undefined;
  /** Memory in MB of what does jobs. */
  readonly memorySize: number;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
  /** File that exports the functions' `handler`. @default a file of each in functions/ */
  readonly entry?: string | undefined;
}

export interface JobFunctions {
  /** Says what is to be done of what was asked for. */
  readonly begin: SmallFunction;
  /** Does what fits it. */
  readonly run: InferenceFunction;
  /** Ends a job with its report. */
  readonly finish: SmallFunction;
  /** Takes the steps of one worker in a round of a training. */
  readonly worker: RoundFunction;
  /** Brings the workers of a round together. */
  readonly reduce: RoundFunction;
}

/**
 * Adds what does the steps of jobs that make models; of their files it has those of rounds, and nothing else is granted
 * yet.
 */
export function addJobFunctions(
  scope: Construct,
  { models, data, memorySize, logRetention, entry, ...props }: AddJobFunctionsProps,
): JobFunctions {
  const runtime = props.runtime ?? new OnnxRuntimeLayer(scope, 'Runtime');
  const small = (id: string, name: string) =>
    new SmallFunction(scope, id, { logRetention, timeout: Duration.minutes(5), entry: entry ?? entryOf(name) });
  const round = (id: string, name: string) =>
    new RoundFunction(scope, id, { data, runtime, memorySize, logRetention, entry: entry ?? entryOf(name) });
  return {
    begin: small('Begin', 'job-begin'),
    finish: small('Finish', 'job-finish'),
    run: new InferenceFunction(scope, 'Run', {
      models,
      runtime,
      entry: entry ?? entryOf('job-run'),
      memorySize,
      ephemeralStorageSize: Size.mebibytes(memorySize),
      timeout: Duration.minutes(15),
      logRetention,
    }),
    worker: round('Worker', 'train-worker'),
    reduce: round('Reduce', 'train-reduce'),
  };
}
