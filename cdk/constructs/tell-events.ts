import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';

/**
 * Has a bucket tell EventBridge what happens in it, by CloudFormation's own property: the CDK's way is a function that
 * may change the settings of any bucket.
 */
export function tellEvents(bucket: Bucket): void {
  (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
    eventBridgeConfiguration: { eventBridgeEnabled: true },
  };
}
