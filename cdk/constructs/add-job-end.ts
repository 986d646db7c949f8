import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Choice, Condition, Fail, type FailProps, JsonPath, Succeed, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { EventBridgePutEvents, LambdaInvoke, SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { retried } from './retried.ts';

export interface JobEndProps {
  /** Settles the report, and says what is announced. */
  readonly finish: IFunction;
  /** Where what could not be done is told. */
  readonly deadLetters: IQueue;
  /** What the execution of a job fails with that was not done. */
  readonly failure: Pick<FailProps, 'error' | 'cause'>;
}

/**
 * Adds the last steps of a job: they write its report, announce it, and keep a message of what was not done. Returns
 * the first.
 */
export function addJobEnd(scope: Construct, { finish: by, deadLetters, failure }: JobEndProps): LambdaInvoke {
  const keep = new SqsSendMessage(scope, 'KeepMessage', {
    queue: deadLetters,
    messageBody: TaskInput.fromObject({
      execution: JsonPath.stringAt('$$.Execution.Id'),
      state: JsonPath.objectAt('$'),
    }),
    resultPath: JsonPath.DISCARD,
  });
  keep.next(new Fail(scope, 'NotDone', failure));
  const finish = retried(
    new LambdaInvoke(scope, 'FinishJob', {
      lambdaFunction: by,
      payloadResponseOnly: true,
      resultPath: '$.end',
      retryOnServiceExceptions: false,
    }),
  );
  const announce = retried(
    new EventBridgePutEvents(scope, 'Announce', {
      entries: [
        {
          eventBus: EventBus.fromEventBusName(scope, 'Bus', 'default'),
          source: 'tensorgate',
          detailType: JsonPath.stringAt('$.end.detailType'),
          detail: TaskInput.fromJsonPathAt('$.end.detail'),
        },
      ],
      resultPath: JsonPath.DISCARD,
    }),
  );
  for (const step of [finish, announce]) step.addCatch(keep, { resultPath: '$.error' });
  finish
    .next(announce)
    .next(
      new Choice(scope, 'IsAllDone')
        .when(Condition.booleanEquals('$.end.isDone', true), new Succeed(scope, 'Ended'))
        .otherwise(keep),
    );
  return finish;
}
