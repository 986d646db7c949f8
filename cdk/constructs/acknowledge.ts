import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Takes findings of cdk-nag as known, each for a reason: rule id → reason. */
export function acknowledge(scope: IConstruct, reasons: Readonly<Record<string, string>>): void {
  Validations.of(scope).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
}
