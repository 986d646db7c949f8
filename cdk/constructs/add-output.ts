import { CfnOutput, type Stack } from 'aws-cdk-lib/core';

/** Has a stack tell something once it is deployed. */
export function addOutput(stack: Stack, id: string, value: string, description: string): void {
  new CfnOutput(stack, id, { value, description });
}
