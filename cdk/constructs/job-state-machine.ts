import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  Choice,
  Condition,
  DistributedMap,
  JitterType,
  JsonPath,
  type StateMachine,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { type EcsRunTask, LambdaInvoke, type LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addJobEnd } from './add-job-end.ts';
import type { JobFunctions } from './add-job-functions.ts';
import { addStateMachine } from './add-state-machine.ts';
import type { Conversions } from './conversions.ts';
import type { JobContainer } from './job-container.ts';
import { retried } from './retried.ts';
import type { RoundFunction } from './round-function.ts';
import { runContainer } from './run-container.ts';

export interface JobStateMachineProps {
  /** What does each step. */
  readonly functions: JobFunctions;
  /** Where jobs are done that are too much for the function. @default nowhere */
  readonly container?: JobContainer | undefined;
  /** Where models of other frameworks are converted, which the function judges then. @default nowhere */
  readonly conversions?: Conversions | undefined;
  /** Key of the bucket whose files the state names. @default a key that AWS keeps */
  readonly encryptionKey?: IKey | undefined;
  /** Where what did not end by itself is told. */
  readonly deadLetters: IQueue;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** Training a model of many layers takes hours; what takes longer hangs. */
const longest = Duration.hours(48);

/**
 * The steps of a job that makes a model: begin, do it in a function or a container, finish, announce. Doing it is tried
 * once, as a command that was ended may have stored something; a container that was lost is begun again, where a training
 * goes on from what it kept. Finish comes also after what failed.
 *
 * A training by several workers says that there is a round to be done: then workers do it side by side, a step brings
 * them together, and so on until nothing is gained; then it is done once more, and stores what came of it. Steps of a
 * round may be tried again: each stores what it came to once.
 */
export class JobStateMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly #props: JobStateMachineProps;

  constructor(scope: Construct, id: string, props: JobStateMachineProps) {
    super(scope, id);
    this.#props = props;
    const { encryptionKey, logRetention } = props;
    this.stateMachine = addStateMachine(this, { steps: this.#steps(), encryptionKey, logRetention });
  }

  #steps(): LambdaInvoke {
    const { functions, container, conversions, deadLetters } = this.#props;
    const finish = addJobEnd(this, {
      finish: functions.finish.function,
      deadLetters,
      failure: {
        error: 'ModelJobNotDone',
        cause:
          'The job was ended, or could not be begun: its report, and the message in the dead-letter queue, say why',
      },
    });
    const begin = retried(
      new LambdaInvoke(this, 'BeginJob', {
        lambdaFunction: functions.begin.function,
        payload: TaskInput.fromObject({
          detail: JsonPath.objectAt('$.detail'),
          execution: JsonPath.stringAt('$$.Execution.Id'),
        }),
        payloadResponseOnly: true,
        resultPath: '$.begin',
        retryOnServiceExceptions: false,
      }),
    );
    const run = this.#run();
    for (const step of [begin, run]) step.addCatch(finish, { resultPath: '$.error' });
    const where = new Choice(this, 'Where')
      .when(Condition.stringEquals('$.begin.state', 'function'), run.next(this.#rounds(run, finish)))
      .when(Condition.stringEquals('$.begin.state', 'refused'), finish);
    if (container)
      where.when(Condition.stringEquals('$.begin.state', 'container'), this.#runIn(container, finish).next(finish));
    for (const [state, step] of Object.entries(conversions?.stepsTo(run) ?? {}))
      where.when(Condition.stringEquals('$.begin.state', state), step);
    begin.next(where.otherwise(new Succeed(this, 'NothingToDo')));
    return begin;
  }

  #run(): LambdaInvoke {
    const run = new LambdaInvoke(this, 'RunInFunction', {
      lambdaFunction: this.#props.functions.run.function,
      payload: TaskInput.fromObject({ job: JsonPath.stringAt('$.begin.job') }),
      payloadResponseOnly: true,
      resultPath: '$.run',
      retryOnServiceExceptions: false,
    });
    // It was not begun: there was no room for it.
    run.addRetry({
      errors: ['Lambda.TooManyRequestsException'],
      interval: Duration.seconds(10),
      maxDelay: Duration.minutes(5),
      maxAttempts: 20,
      jitterStrategy: JitterType.FULL,
    });
    return run;
  }

  #rounds(run: LambdaInvoke, finish: LambdaInvoke): Choice {
    const { functions } = this.#props;
    const workers = new DistributedMap(this, 'TrainSideBySide', {
      label: 'Workers',
      itemsPath: '$.run.shards',
      itemSelector: {
        job: JsonPath.stringAt('$.begin.job'),
        round: JsonPath.numberAt('$.run.round'),
        shard: JsonPath.numberAt('$$.Map.Item.Value'),
      },
      resultPath: JsonPath.DISCARD,
    });
    const step = (id: string, { function: lambdaFunction }: RoundFunction, more: Partial<LambdaInvokeProps>) => {
      const invoke = new LambdaInvoke(this, id, {
        lambdaFunction,
        payloadResponseOnly: true,
        retryOnServiceExceptions: false,
        ...more,
      });
      // One that took all its time would do so again; another try may have met a slow start.
      invoke.addRetry({
        errors: ['States.Timeout', 'Sandbox.Timedout'],
        maxAttempts: 1,
        interval: Duration.seconds(1),
      });
      return retried(invoke);
    };
    workers.itemProcessor(step('TrainWorker', functions.worker, { resultSelector: {} }));
    const reduce = step('BringTogether', functions.reduce, {
      payload: TaskInput.fromObject({
        job: JsonPath.stringAt('$.begin.job'),
        round: JsonPath.numberAt('$.run.round'),
      }),
      resultPath: '$.run',
    });
    for (const each of [workers, reduce]) each.addCatch(finish, { resultPath: '$.error' });
    const left = new Choice(this, 'WhatIsLeft')
      .when(Condition.stringEquals('$.run.state', 'round'), workers)
      .when(Condition.stringEquals('$.run.state', 'fitted'), run)
      .otherwise(finish);
    workers.next(reduce).next(left);
    return left;
  }

  #runIn(container: JobContainer, finish: LambdaInvoke): EcsRunTask {
    const { network, group, task, definition, capacity } = container;
    const environment = { TENSORGATE_JOB: JsonPath.stringAt('$.begin.job') };
    const place = { network, group, task, definition, capacity };
    const run = runContainer(this, 'RunInContainer', { ...place, environment, longest });
    // What stored its report, whatever came of it, ends well: this container was lost, not begun, or had no answer of the
    // bucket. Another one goes on from what it kept, or says that there is nothing to go on from.
    run.addRetry({
      errors: ['States.TaskFailed'],
      interval: Duration.minutes(1),
      maxDelay: Duration.minutes(10),
      maxAttempts: 10,
      jitterStrategy: JitterType.FULL,
    });
    run.addCatch(finish, { resultPath: '$.error' });
    return run;
  }
}
