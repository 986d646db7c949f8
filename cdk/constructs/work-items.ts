import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type IItemReader, S3JsonItemReader } from 'aws-cdk-lib/aws-stepfunctions';

/**
 * Items of a map from a file of JSON in a bucket; the state machine may read the keys of this prefix, where the CDK's
 * own lets it read all.
 */
export function workItems(bucket: IBucket, prefix: string, key: string): IItemReader {
  const reader = new S3JsonItemReader({ bucket, key });
  const statement = new PolicyStatement({
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects(`${prefix}*`)],
  });
  return {
    bucket,
    resource: reader.resource,
    render: (language) => reader.render(language),
    providePolicyStatements: () => [statement],
    validateItemReader: () => reader.validateItemReader(),
  };
}
