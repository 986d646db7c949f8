import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Duration } from 'aws-cdk-lib/core';

/** A function that answers an API. */
export interface ApiHandler {
  readonly target: IFunction;
  /** How long API Gateway waits for it. */
  readonly timeout: Duration;
  /** How long it may stream an answer, at `streamedPaths`; undefined: it streams none. */
  readonly streamTimeout: Duration | undefined;
}
