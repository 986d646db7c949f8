import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Choice, Condition, DistributedMap, JsonPath, type StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addJobEnd } from './add-job-end.ts';
import { addStateMachine } from './add-state-machine.ts';
import type { DataBucket } from './data-bucket.ts';
import { retried } from './retried.ts';
import { workItems } from './work-items.ts';

export interface BatchStateMachineProps {
  /** What does each step. */
  readonly functions: Readonly<Record<'plan' | 'infer' | 'finish', IFunction>>;
  /** Where the plan puts the list of shards. */
  readonly data: DataBucket;
  /** Where what could not be done is told. */
  readonly deadLetters: IQueue;
  /** Shards at once. */
  readonly maxConcurrency: number;
  /** Shards in a hundred that may fail before no more are begun. */
  readonly toleratedFailurePercentage: number;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/**
 * The steps of a batch job: plan, the shards side by side, finish, announce.
 *
 * Finish comes also after what failed, so that the job has a report. Only names pass from step to step: records,
 * answers and the list of shards stay in the bucket.
 */
export class BatchStateMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly #props: BatchStateMachineProps;

  constructor(scope: Construct, id: string, props: BatchStateMachineProps) {
    super(scope, id);
    this.#props = props;
    this.stateMachine = addStateMachine(this, {
      steps: this.#steps(),
      encryptionKey: props.data.bucket.encryptionKey,
      logRetention: props.logRetention,
    });
  }

  #steps(): Choice | LambdaInvoke {
    const { functions, deadLetters } = this.#props;
    const finish = addJobEnd(this, {
      finish: functions.finish,
      deadLetters,
      failure: {
        error: 'BatchJobNotDone',
        cause: 'Not all of the job could be done: its report, and the message in the dead-letter queue, say why',
      },
    });
    const plan = retried(
      new LambdaInvoke(this, 'PlanShards', {
        lambdaFunction: functions.plan,
        payloadResponseOnly: true,
        resultPath: '$.plan',
        retryOnServiceExceptions: false,
      }),
    );
    plan.addCatch(finish, { resultPath: '$.error' });
    const map = this.#map();
    map.addCatch(finish, { resultPath: '$.error' });
    const isPlanned = new Choice(this, 'IsThereWork')
      .when(Condition.stringEquals('$.plan.state', 'planned'), map.next(finish))
      .when(Condition.stringEquals('$.plan.state', 'refused'), finish)
      .otherwise(new Succeed(this, 'NothingToDo'));
    plan.next(isPlanned);
    return plan;
  }

  #map(): DistributedMap {
    const { functions, data, maxConcurrency, toleratedFailurePercentage } = this.#props;
    const map = new DistributedMap(this, 'InferShards', {
      maxConcurrency,
      toleratedFailurePercentage,
      label: 'Shards',
      itemReader: workItems(data.bucket as IBucket, 'work/', JsonPath.stringAt('$.plan.shards.key')),
      itemSelector: {
        job: JsonPath.objectAt('$.plan.job'),
        shard: JsonPath.objectAt('$$.Map.Item.Value'),
      },
      resultPath: JsonPath.DISCARD,
    });
    const infer = new LambdaInvoke(this, 'InferShard', {
      lambdaFunction: functions.infer,
      payloadResponseOnly: true,
      // What shards give adds up, and a state machine carries 256 KB.
      resultSelector: {},
      retryOnServiceExceptions: false,
    });
    // One that took all its time would do so again; another try may have met a slow start.
    infer.addRetry({ errors: ['States.Timeout', 'Sandbox.Timedout'], maxAttempts: 1, interval: Duration.seconds(1) });
    map.itemProcessor(retried(infer));
    return map;
  }
}
