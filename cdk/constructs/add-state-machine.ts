import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CustomerManagedEncryptionConfiguration,
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface AddStateMachineProps {
  readonly steps: IChainable;
  /** @default a key that AWS keeps */
  readonly encryptionKey?: IKey | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** Adds a state machine as each of ours is: traced, with a log of all that it does. */
export function addStateMachine(
  scope: Construct,
  { steps, encryptionKey: key, logRetention = RetentionDays.ONE_MONTH }: AddStateMachineProps,
): StateMachine {
  const stateMachine = new StateMachine(scope, 'StateMachine', {
    definitionBody: DefinitionBody.fromChainable(steps),
    tracingEnabled: true,
    logs: {
      level: LogLevel.ALL,
      includeExecutionData: true,
      destination: new LogGroup(scope, 'Log', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY }),
    },
    ...(key && { encryptionConfiguration: new CustomerManagedEncryptionConfiguration(key) }),
  });
  key?.grantDecrypt(stateMachine);
  acknowledge(stateMachine.role, {
    'AwsSolutions-IAM5[Resource::*]':
      'Delivery of logs, traces, and tasks of ECS that run have no resources to name: their actions are granted on all or none',
  });
  return stateMachine;
}
