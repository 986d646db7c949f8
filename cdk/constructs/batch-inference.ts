import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { FilterPattern, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { SettingsError } from '../settings-error.ts';
import { type BatchDefaults, batchDefaults } from './batch-defaults.ts';
import { BatchStateMachine } from './batch-state-machine.ts';
import { checkBatch } from './check-batch.ts';
import type { DataBucket } from './data-bucket.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { entryOf } from './entry-of.ts';
import { InferenceFunction } from './inference-function.ts';
import type { ModelSource } from './model-source.ts';
import { OnnxRuntimeLayer } from './onnx-runtime-layer.ts';
import { SmallFunction } from './small-function.ts';

export interface BatchInferenceProps {
  /** The models to run: a `ModelBucket`, or what its `select` gives. */
  readonly models: ModelSource;
  /** Where inputs are dropped, and results go. */
  readonly data: DataBucket;
  /** ONNX Runtime, for the architecture that the functions shall have. @default a layer of its own, for x86_64 */
  readonly runtime?: OnnxRuntimeLayer | undefined;
  /** Memory of a worker in MB; a vCPU, and so a run at once, comes with each 1,769 of them. @default 1769 */
  readonly memorySize?: number | undefined;
  /** What jobs do where nobody says otherwise. @default batchDefaults */
  readonly jobs?: Partial<BatchDefaults> | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * File that exports the functions' `handler`. @default functions/batch-plan.ts, batch-infer.ts and batch-finish.ts
   */
  readonly entry?: string | undefined;
}

const timeout = Duration.minutes(15);

/**
 * Runs a model over each file that is stored under a prefix of the data bucket: `in/<model>[@<version or alias>]/…`.
 *
 * EventBridge starts a state machine for each upload. It plans shards, does them side by side, and ends with a report,
 * whatever happened. What it could not do at all is a message in `deadLetters`. Throws a `SettingsError` where results
 * would start jobs of their own.
 *
 * @example
 * const batch = new BatchInference(this, 'Batch', { models, data, jobs: { maxConcurrency: 500 } });
 */
export class BatchInference extends Construct {
  readonly plan: InferenceFunction;
  readonly infer: InferenceFunction;
  readonly finish: SmallFunction;
  readonly stateMachine: StateMachine;
  /** Records of jobs that ended. */
  readonly records: Readonly<Record<'answered' | 'failed', Metric>>;
  /** What nobody could do, each message with what it was about and why. */
  readonly deadLetters: Queue;
  readonly #data: DataBucket;
  readonly #jobs: BatchDefaults;

  constructor(scope: Construct, id: string, props: BatchInferenceProps) {
    super(scope, id);
    const { models, data, memorySize, logRetention } = props;
    const jobs = { ...batchDefaults, ...props.jobs };
    const problems = checkBatch(jobs);
    if (problems.length > 0) throw new SettingsError(problems.join('\n'));
    this.#data = data;
    this.#jobs = jobs;
    const runtime = props.runtime ?? new OnnxRuntimeLayer(this, 'Runtime');
    const worker = { models, runtime, memorySize, logRetention, timeout };
    this.plan = new InferenceFunction(this, 'Plan', { ...worker, entry: props.entry ?? entryOf('batch-plan') });
    this.infer = new InferenceFunction(this, 'Infer', { ...worker, entry: props.entry ?? entryOf('batch-infer') });
    this.finish = new SmallFunction(this, 'Finish', {
      entry: props.entry ?? entryOf('batch-finish'),
      logRetention,
      timeout,
    });
    // One arena of memory for all threads: what glibc's others keep of what was freed grows with a shard.
    for (const each of [this.plan, this.infer]) each.function.addEnvironment('MALLOC_ARENA_MAX', '1');
    this.#grant(data, jobs);

    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    const { plan, infer, finish, deadLetters } = this;
    this.stateMachine = new BatchStateMachine(this, 'Jobs', {
      functions: { plan: plan.function, infer: infer.function, finish: finish.function },
      data,
      deadLetters,
      maxConcurrency: jobs.maxConcurrency,
      toleratedFailurePercentage: jobs.toleratedFailurePercentage,
      logRetention,
    }).stateMachine;
    this.#startAt(data, jobs.inputPrefix);
    this.records = { answered: this.#records('answered'), failed: this.#records('failed') };
  }

  /** Read from the log of the last step, which knows them. */
  #records(field: 'answered' | 'failed'): Metric {
    const filter = new MetricFilter(this, `Records${field}`, {
      logGroup: this.finish.logGroup,
      metricName: `BatchRecords-${field}`,
      metricNamespace: `Tensorgate/${Stack.of(this).stackName}`,
      metricValue: `$.${field}`,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.message', '=', 'the job ended'),
        FilterPattern.numberValue(`$.${field}`, '>=', 0),
      ),
    });
    return filter.metric({ statistic: 'Sum', label: field });
  }

  /**
   * Lets a function take jobs at `/v1/batches`, and tell of all there are; it deletes nothing but what was uploaded for
   * them.
   */
  takeJobsBy(inference: InferenceFunction): void {
    const { inputPrefix, resultPrefix } = this.#jobs;
    const write = ['asked/', 'files/', 'jobs/', 'starts/', 'work/'];
    this.#data.grantFiles(inference, { read: [inputPrefix, resultPrefix], write, remove: ['files/'] });
    inference.function.addEnvironment('TENSORGATE_BATCH_RESULTS', resultPrefix);
  }

  /**
   * Workers read inputs, and read and write what is their jobs'; only the last step deletes, and nothing but work
   * files.
   */
  #grant(data: DataBucket, jobs: BatchDefaults): void {
    const { inputPrefix: input, resultPrefix: results } = jobs;
    const written = [results, 'work/'];
    const inputs = [input, 'files/', 'uploads/'];
    data.grantFiles(this.plan, { read: [...inputs, 'starts/'], write: [...written, 'jobs/'] });
    data.grantFiles(this.infer, { read: inputs, write: written });
    data.grantFiles(this.finish, { read: [input, 'starts/', 'jobs/'], write: written, remove: ['work/'] });
    for (const { function: each } of [this.plan, this.infer, this.finish]) {
      each.addEnvironment('TENSORGATE_DATA', data.uri);
      each.addEnvironment('TENSORGATE_BATCH_INPUT', input);
      each.addEnvironment('TENSORGATE_BATCH_RESULTS', results);
      each.addEnvironment('TENSORGATE_BATCH_KEEP', jobs.keptFields.join(','));
      if (jobs.maxFailedRecords !== undefined)
        each.addEnvironment('TENSORGATE_BATCH_MAX_FAILED', String(jobs.maxFailedRecords));
    }
  }

  #startAt({ bucket }: DataBucket, inputPrefix: string): void {
    const target = new SfnStateMachine(this.stateMachine, { deadLetterQueue: this.deadLetters });
    new Rule(this, 'Uploads', {
      description: `A file was stored under ${inputPrefix}, or a job asked for at /v1/batches`,
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [bucket.bucketName] },
          object: { key: [{ prefix: inputPrefix }, { prefix: 'starts/' }] },
        },
      },
      targets: [target],
    });
  }
}
