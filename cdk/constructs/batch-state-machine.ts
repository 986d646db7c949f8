import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  Choice,
  Condition,
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  DistributedMap,
  Fail,
  JitterType,
  JsonPath,
  LogLevel,
  StateMachine,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { EventBridgePutEvents, LambdaInvoke, SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { DataBucket } from './data-bucket.ts';
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
 * Finish comes also after what failed, so that the job has a report. Only names pass from step to step: records, answers
 * and the list of shards stay in the bucket.
 */
export class BatchStateMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly #props: BatchStateMachineProps;

  constructor(scope: Construct, id: string, props: BatchStateMachineProps) {
    super(scope, id);
    this.#props = props;
    const key = props.data.bucket.encryptionKey;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(this.#steps()),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(this, 'Log', {
          retention: props.logRetention ?? RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
      ...(key && { encryptionConfiguration: new CustomerManagedEncryptionConfiguration(key) }),
    });
    key?.grantDecrypt(this.stateMachine);
    acknowledge(this.stateMachine.role, {
      'AwsSolutions-IAM5[Resource::*]':
        'Delivery of logs, and traces, have no resources to name: their actions are granted on all or none',
    });
  }

  #steps(): Choice | LambdaInvoke {
    const { functions } = this.#props;
    const finish = this.#finish();
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

  /** Writes the report, announces it, and keeps a message of what was not done. */
  #finish(): LambdaInvoke {
    const { functions } = this.#props;
    const unable = this.#unable();
    const finish = retried(
      new LambdaInvoke(this, 'FinishJob', {
        lambdaFunction: functions.finish,
        payloadResponseOnly: true,
        resultPath: '$.end',
        retryOnServiceExceptions: false,
      }),
    );
    const announce = retried(
      new EventBridgePutEvents(this, 'Announce', {
        entries: [
          {
            eventBus: EventBus.fromEventBusName(this, 'Bus', 'default'),
            source: 'tensorgate',
            detailType: JsonPath.stringAt('$.end.detailType'),
            detail: TaskInput.fromJsonPathAt('$.end.detail'),
          },
        ],
        resultPath: JsonPath.DISCARD,
      }),
    );
    for (const step of [finish, announce]) step.addCatch(unable, { resultPath: '$.error' });
    finish
      .next(announce)
      .next(
        new Choice(this, 'IsAllDone')
          .when(Condition.booleanEquals('$.end.isDone', true), new Succeed(this, 'Ended'))
          .otherwise(unable),
      );
    return finish;
  }

  #unable(): SqsSendMessage {
    const keep = new SqsSendMessage(this, 'KeepMessage', {
      queue: this.#props.deadLetters,
      messageBody: TaskInput.fromObject({
        execution: JsonPath.stringAt('$$.Execution.Id'),
        state: JsonPath.objectAt('$'),
      }),
      resultPath: JsonPath.DISCARD,
    });
    keep.next(
      new Fail(this, 'NotDone', {
        error: 'BatchJobNotDone',
        cause: 'Not all of the job could be done: its report, and the message in the dead-letter queue, say why',
      }),
    );
    return keep;
  }
}

/** Tries a step again, whatever was wrong: what another try would not mend, functions tell in the report instead of failing. */
function retried<T extends LambdaInvoke | EventBridgePutEvents>(step: T): T {
  step.addRetry({
    errors: ['States.ALL'],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxDelay: Duration.minutes(1),
    maxAttempts: 6,
    jitterStrategy: JitterType.FULL,
  });
  return step;
}
