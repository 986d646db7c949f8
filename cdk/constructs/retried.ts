import { JitterType } from 'aws-cdk-lib/aws-stepfunctions';
import type { EventBridgePutEvents, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Duration } from 'aws-cdk-lib/core';

/**
 * Tries a step again, whatever was wrong: what another try would not mend, functions tell in the report instead of
 * failing.
 */
export function retried<T extends LambdaInvoke | EventBridgePutEvents>(step: T): T {
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
