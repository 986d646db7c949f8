import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { addJobFunctions } from './add-job-functions.ts';
import { Conversions } from './conversions.ts';
import type { DataBucket } from './data-bucket.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { InferenceFunction } from './inference-function.ts';
import { JobContainer, type JobContainerProps } from './job-container.ts';
import { JobStateMachine } from './job-state-machine.ts';
import type { ModelBucket } from './model-bucket.ts';
import type { OnnxRuntimeLayer } from './onnx-runtime-layer.ts';
import type { RoundFunction } from './round-function.ts';
import type { SmallFunction } from './small-function.ts';

export interface ModelJobsProps {
  /** The models, of which some are made of others. */
  readonly models: ModelBucket;
  /** Where jobs are asked for, and what becomes of them goes. */
  readonly data: DataBucket;
  /** ONNX Runtime, for the architecture that the function shall have. @default a layer of its own, for x86_64 */
  readonly runtime?: OnnxRuntimeLayer | undefined;
  /** Memory in MB of the function that does what fits it: a source of a tenth of it. @default 5307 */
  readonly memorySize?: number | undefined;
  /** Where the rest is done. @default nowhere: it is refused */
  readonly containers?: Pick<JobContainerProps, 'network' | 'image' | 'memoryMb' | 'accelerator'> | undefined;
  /**
   * Memory in MB of containers that convert models of other frameworks: 8192, 16384, 30720, 61440 or 122880. @default
   * none: nothing is converted
   */
  readonly conversionMemoryMb?: number | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * File that exports the functions' `handler`. @default functions/job-begin.ts, job-run.ts, job-finish.ts,
   * train-worker.ts and train-reduce.ts
   */
  readonly entry?: string | undefined;
}

/** A source, its copy, and what candidates are made of it lie in memory and on the disk together. */
const shareOfMemory = 10;

/**
 * Makes models of others, each a command of `tensorgate`, where `/v1/jobs` asks for it, or a file that ends in
 * `.job.json` and is stored under `incoming/` of the data bucket; an ONNX file stored directly there is pushed. What is
 * made is a version to which no alias leads.
 *
 * EventBridge starts a state machine for each, which does it in a function or, where it is too large or takes too long,
 * in a container of ECS, and ends with a report and an event, whatever happened. What did not end by itself is a
 * message in `deadLetters`. A training by several workers is done in rounds, by functions side by side.
 *
 * @example
 * const jobs = new ModelJobs(this, 'Jobs', { models, data });
 */
export class ModelJobs extends Construct {
  readonly begin: SmallFunction;
  readonly run: InferenceFunction;
  readonly finish: SmallFunction;
  /** Takes the steps of one worker in a round of a training. */
  readonly worker: RoundFunction;
  /** Brings the workers of a round together. */
  readonly reduce: RoundFunction;
  readonly container: JobContainer | undefined;
  readonly stateMachine: StateMachine;
  /** Jobs that did not end by themselves, each with what it was about and why. */
  readonly deadLetters: Queue;
  readonly #data: DataBucket;

  constructor(scope: Construct, id: string, props: ModelJobsProps) {
    super(scope, id);
    const { models, data, memorySize = 5307, containers, conversionMemoryMb: memoryMb, logRetention } = props;
    this.#data = data;
    const functions = addJobFunctions(this, { ...props, memorySize });
    this.begin = functions.begin;
    this.run = functions.run;
    this.finish = functions.finish;
    this.worker = functions.worker;
    this.reduce = functions.reduce;
    this.container =
      containers &&
      new JobContainer(this, 'Container', { ...containers, logRetention, models: models.uri, data: data.uri });
    const conversions =
      memoryMb === undefined
        ? undefined
        : new Conversions(this, 'Conversions', { bucket: data.bucket, memoryMb, logRetention });
    this.#grant(models, conversions !== undefined);
    this.#tell({
      TENSORGATE_MODELS: models.uri,
      TENSORGATE_JOB_BYTES: String(Math.floor(memorySize / shareOfMemory) * 1024 * 1024),
      ...(containers && { TENSORGATE_JOB_CONTAINERS: 'true' }),
      ...(conversions && { TENSORGATE_JOB_CONVERSIONS: 'true' }),
    });
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.stateMachine = new JobStateMachine(this, 'Steps', {
      functions,
      container: this.container,
      conversions,
      encryptionKey: data.bucket.encryptionKey,
      deadLetters: this.deadLetters,
      logRetention,
    }).stateMachine;
    this.#startAt(data);
  }

  /** Lets a function take jobs at `/v1/jobs`, and tell of all there are. */
  takeJobsBy(inference: InferenceFunction): void {
    const write = ['asked/', 'model-jobs/', 'model-runs/', 'model-starts/', 'work/'];
    this.#data.grantFiles(inference, { read: ['files/', 'uploads/'], write });
    inference.function.addEnvironment('TENSORGATE_JOBS', 'true');
  }

  /** What begins jobs is told where all is, and what may be done of what is asked for. */
  #tell(environment: Readonly<Record<string, string>>): void {
    for (const { function: each } of [this.begin, this.run, this.finish])
      each.addEnvironment('TENSORGATE_DATA', this.#data.uri);
    for (const [name, value] of Object.entries(environment)) this.begin.function.addEnvironment(name, value);
  }

  /**
   * What does jobs reads their files and all models, and adds versions; of it a container alone deletes, and nothing but
   * how far a training was.
   */
  #grant(models: ModelBucket, converts: boolean): void {
    const asked = ['incoming/', 'model-starts/'];
    // What begins a conversion looks at its source, and signs URLs, which are good for what it may do itself.
    const looked = converts ? ['files/', 'uploads/'] : [];
    const read = [...asked, ...looked, 'work/'];
    this.#data.grantFiles(this.begin, { read, write: ['model-jobs/', 'model-runs/'] });
    models.grantList(this.begin);
    this.#data.grantFiles(this.finish, { read: [...asked, 'model-jobs/', 'work/'], write: ['model-runs/'] });
    const given = ['incoming/', 'files/', 'uploads/', 'model-jobs/', 'work/'];
    this.#data.grantFiles(this.run, { read: given, write: ['model-runs/', 'model-rounds/'] });
    models.grantAddVersions(this.run);
    if (this.container) {
      const remove = ['model-checkpoints/'];
      this.#data.grantFiles(this.container, { read: given, write: ['model-runs/', ...remove], remove });
      models.grantAddVersions(this.container);
    }
    // Of a training that cannot go on it writes the report.
    this.#data.grantFiles(this.reduce, { read: ['model-jobs/'], write: ['model-runs/'] });
  }

  #startAt({ bucket }: DataBucket): void {
    new Rule(this, 'Asked', {
      description: 'A job was asked for at /v1/jobs, or by a file stored under incoming/',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [bucket.bucketName] },
          object: {
            key: [
              { prefix: 'model-starts/' },
              { wildcard: 'incoming/*.job.json' },
              // Also what lies in a folder, which begins nothing.
              { wildcard: 'incoming/*.onnx' },
            ],
          },
        },
      },
      targets: [new SfnStateMachine(this.stateMachine, { deadLetterQueue: this.deadLetters })],
    });
  }
}
