import { IdentitySource, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addFunction } from './add-function.ts';
import { entryOf } from './entry-of.ts';
import type { ModelBucket } from './model-bucket.ts';

export interface PolicyAuthorizerProps {
  /** The model repository, which has the policies. */
  readonly models: ModelBucket;
  /** How long API Gateway goes by what it was told of a key; 0: it asks each time. @default 60 seconds */
  readonly cacheTtl?: Duration | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
  /** File that exports `handler`. @default functions/authorize.ts */
  readonly entry?: string | undefined;
}

/**
 * Tells API Gateway what a key may call, by the policies of the model repository. It may read those, and nothing else.
 *
 * @example
 * const authorizer = new PolicyAuthorizer(this, 'Policies', { models });
 * new InferenceApi(this, 'Api', { handler, authorizer: authorizer.authorizer });
 */
export class PolicyAuthorizer extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly authorizer: RequestAuthorizer;

  constructor(scope: Construct, id: string, { models, cacheTtl, logRetention, entry }: PolicyAuthorizerProps) {
    super(scope, id);
    const added = addFunction(this, {
      entry: entry ?? entryOf('authorize'),
      logRetention,
      // Half a CPU or so: it hashes a key, and reads a small file.
      memorySize: 512,
      timeout: Duration.seconds(10),
      environment: { TENSORGATE_MODELS: models.uri },
    });
    this.function = added.function;
    this.logGroup = added.logGroup;
    models.policies.grantRead(added.role);
    this.authorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: this.function as IFunction,
      identitySources: [IdentitySource.header('x-api-key')],
      resultsCacheTtl: cacheTtl ?? Duration.seconds(60),
    });
  }
}
