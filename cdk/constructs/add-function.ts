import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { bundle } from './bundle.ts';

type NetworkProps = 'vpc' | 'vpcSubnets' | 'securityGroups';
type OwnProps =
  | 'architecture'
  | 'layers'
  | 'memorySize'
  | 'ephemeralStorageSize'
  | 'timeout'
  | 'environment'
  | NetworkProps;

export interface AddFunctionProps extends Pick<FunctionProps, OwnProps> {
  /** File that exports `handler`. */
  readonly entry: string;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/**
 * Adds a function as each of ours is: bundled, traced, with a log of its own as JSON. It may write that log, and
 * nothing else.
 */
export function addFunction(
  scope: Construct,
  { entry, logRetention = RetentionDays.ONE_MONTH, ...props }: AddFunctionProps,
): { readonly function: LambdaFunction; readonly logGroup: LogGroup; readonly role: Role } {
  const logGroup = new LogGroup(scope, 'Log', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  const added = new LambdaFunction(scope, 'Function', {
    ...props,
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromAsset(bundle(entry)),
    handler: 'index.handler',
    role,
    tracing: Tracing.ACTIVE,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    // The level that has the platform's reports, which the alarms on cold starts and memory are made of.
    systemLogLevelV2: SystemLogLevel.INFO,
    // Tells this deployment's metrics from those of others in the account.
    environment: { POWERTOOLS_SERVICE_NAME: Stack.of(scope).stackName, ...props.environment },
  });
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]':
      'X-Ray has no resources to name, nor have networks before a function joins them: such actions are granted on all or none',
  });
  return { function: added, logGroup, role };
}
