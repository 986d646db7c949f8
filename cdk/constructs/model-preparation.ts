import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { FilterPattern, MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Size, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { entryOf } from './entry-of.ts';
import { InferenceFunction } from './inference-function.ts';
import type { ModelBucket } from './model-bucket.ts';

export interface ModelPreparationProps {
  /** The models to prepare. */
  readonly models: ModelBucket;
  /** The functions that they are prepared for, all with one runtime. */
  readonly servedBy: readonly [InferenceFunction, ...InferenceFunction[]];
  /**
   * Memory in MB: a model is prepared that is a fifth of it, or smaller. @default that of the largest function that
   * serves
   */
  readonly memorySize?: number | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
  /** File that exports `handler`. @default functions/prepare.ts */
  readonly entry?: string | undefined;
}

const outcomes = ['prepared', 'unfit', 'impossible'] as const;
const prepareAll = { source: 'tensorgate.prepare-all' };

/**
 * Gives each version that is stored its prepared form, which functions with the same runtime and architecture load
 * quicker; and after each deployment those that are served and have none that fits, since the runtime may be another.
 *
 * It reads models and writes prepared forms. What it could not do, for a reason other than the model, is a message in
 * `deadLetters`.
 *
 * @example
 * new ModelPreparation(this, 'Preparation', { models, servedBy: [fraud] });
 */
export class ModelPreparation extends Construct {
  readonly function: InferenceFunction;
  /** Events that were given up, each with the error. */
  readonly deadLetters: Queue;
  /** Versions that were tried, by what came of it. */
  readonly outcomes: readonly Metric[];

  constructor(scope: Construct, id: string, { models, servedBy, ...props }: ModelPreparationProps) {
    super(scope, id);
    const sizes = servedBy.map(({ ephemeralStorageSize }) => ephemeralStorageSize.toMebibytes());
    this.function = new InferenceFunction(this, 'Function', {
      models,
      runtime: servedBy[0].runtime,
      entry: props.entry ?? entryOf('prepare'),
      memorySize: props.memorySize ?? Math.max(...servedBy.map(({ memorySize }) => memorySize)),
      ephemeralStorageSize: Size.mebibytes(Math.max(...sizes)),
      timeout: Duration.minutes(15),
      logRetention: props.logRetention,
    });
    models.grantPrepare(this.function);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    this.function.function.configureAsyncInvoke({
      retryAttempts: 2,
      // One that waits behind others for long is not given up.
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(this.deadLetters),
    });
    this.#startAt(models);
    this.outcomes = outcomes.map((outcome) => this.#count(outcome));
  }

  /** What has all prepared that is served and has no form that fits, as a deployment does. */
  get command(): string {
    const { functionName } = this.function.function;
    const payload = `--cli-binary-format raw-in-base64-out --payload '${JSON.stringify(prepareAll)}'`;
    return `aws lambda invoke --invocation-type Event --function-name ${functionName} ${payload} /dev/null`;
  }

  #startAt({ bucket }: ModelBucket): void {
    const deadLetterQueue = this.deadLetters;
    new Rule(this, 'Pushes', {
      description: 'A file of a model, and no prepared form, was stored',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [bucket.bucketName] },
          object: { key: [{ 'anything-but': { wildcard: '*/.prepared/*' } }] },
        },
      },
      targets: [new LambdaTarget(this.function.function, { deadLetterQueue })],
    });
    new Rule(this, 'Deployments', {
      description: 'The stack was deployed: the runtime may be another',
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: {
          'stack-id': [Stack.of(this).stackId],
          'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
        },
      },
      targets: [
        new LambdaTarget(this.function.function, {
          deadLetterQueue,
          event: RuleTargetInput.fromObject(prepareAll),
        }),
      ],
    });
  }

  /** Read from the log, which knows them. */
  #count(outcome: string): Metric {
    const filter = new MetricFilter(this, `Versions${outcome}`, {
      logGroup: this.function.logGroup,
      metricName: `Versions-${outcome}`,
      metricNamespace: `Tensorgate/${Stack.of(this).stackName}/${this.node.id}`,
      metricValue: '1',
      filterPattern: FilterPattern.stringValue('$.outcome', '=', outcome),
    });
    return filter.metric({ statistic: 'Sum', label: outcome });
  }
}
