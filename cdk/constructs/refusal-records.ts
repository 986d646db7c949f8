import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { FilterPattern, type ILogGroup, type RetentionDays, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { entryOf } from './entry-of.ts';
import type { ModelBucket } from './model-bucket.ts';
import { SmallFunction } from './small-function.ts';

export interface RefusalRecordsProps {
  /** The model repository, which has the audit log. */
  readonly models: ModelBucket;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
  /** File that exports `handler`. @default functions/record-refusals.ts */
  readonly entry?: string | undefined;
}

/** By which status a caller is denied. */
const denied = ['401', '403', '429'];

/**
 * Adds what API Gateway refuses to the audit log: no request of it reaches a function, but each has a line in the
 * access log, which CloudWatch hands on as it comes. It writes lines of calls, and may do nothing else; what it could
 * not write is in `deadLetters`.
 *
 * @example
 * new RefusalRecords(this, 'Refusals', { models }).follow(api.logGroup);
 */
export class RefusalRecords extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: ILogGroup;
  /** Events that were given up, each with the error. */
  readonly deadLetters: Queue;
  #followed = 0;

  constructor(scope: Construct, id: string, { models, logRetention, entry }: RefusalRecordsProps) {
    super(scope, id);
    const recorder = new SmallFunction(this, 'Recorder', {
      entry: entry ?? entryOf('record-refusals'),
      timeout: Duration.seconds(30),
      logRetention,
    });
    recorder.function.addEnvironment('TENSORGATE_MODELS', models.uri);
    models.grantRecordCalls(recorder);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    recorder.function.configureAsyncInvoke({ onFailure: new SqsDestination(this.deadLetters) });
    this.function = recorder.function;
    this.logGroup = recorder.logGroup;
  }

  /** Takes in what the access log of an API has of refused calls. */
  follow(accessLog: ILogGroup): void {
    this.#followed += 1;
    new SubscriptionFilter(this, `Access${this.#followed}`, {
      logGroup: accessLog,
      destination: new LambdaDestination(this.function),
      // What a function or a container refused has no such word, and a line of theirs.
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.refusal', '!=', '-'),
        FilterPattern.any(...denied.map((status) => FilterPattern.stringValue('$.status', '=', status))),
      ),
    });
  }
}
