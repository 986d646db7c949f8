import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addFunction } from './add-function.ts';

export interface SmallFunctionProps {
  /** File that exports `handler`. */
  readonly entry: string;
  /** How long it may take. */
  readonly timeout: Duration;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** A function that runs no model. It may write its own log, and what it is granted. */
export class SmallFunction extends Construct implements IGrantable {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: SmallFunctionProps) {
    super(scope, id);
    const added = addFunction(this, { ...props, architecture: Architecture.X86_64, memorySize: 512 });
    this.function = added.function;
    this.logGroup = added.logGroup;
  }

  get grantPrincipal() {
    return this.function.grantPrincipal;
  }
}
