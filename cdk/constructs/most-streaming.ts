import { Duration } from 'aws-cdk-lib/core';

/** What Lambda lets a function run, and API Gateway a stream. */
export const mostStreaming: Duration = Duration.minutes(15);
