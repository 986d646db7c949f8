import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { PrivateBucket } from './private-bucket.ts';

export interface DataBucketProps {
  /** Bucket that takes the access logs. */
  readonly accessLogs: Bucket;
  /** Key to encrypt with. @default a key that S3 keeps */
  readonly encryptionKey?: IKey | undefined;
  /** What becomes of the data when the stack goes. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Days that an upload is kept. @default 1 */
  readonly uploadDays?: number | undefined;
  /** Days that a result is kept. @default 7 */
  readonly resultDays?: number | undefined;
  /** Origins whose pages may upload and download by presigned URLs. @default none */
  readonly corsOrigins?: readonly string[] | undefined;
}

/**
 * What is too large for a request or an answer passes through here: callers put inputs under `uploads/`, answers lie
 * under `results/`. Both go after some days.
 */
export class DataBucket extends Construct {
  readonly bucket: Bucket;
  readonly uri: string;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const { uploadDays = 1, resultDays = 7, ...rest } = props;
    this.bucket = new PrivateBucket(this, 'Bucket', {
      ...rest,
      oldVersionDays: 1,
      lifecycleRules: [
        { id: 'Uploads', prefix: 'uploads/', expiration: Duration.days(uploadDays) },
        { id: 'Results', prefix: 'results/', expiration: Duration.days(resultDays) },
      ],
    });
    this.uri = `s3://${this.bucket.bucketName}`;
  }

  /** Lets `grantee` read and write uploads and results, and so sign URLs that let callers do it. */
  grantExchange(grantee: IGrantable): Grant {
    this.bucket.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
    return Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', 's3:PutObject'],
      resourceArns: [this.bucket.arnForObjects('uploads/*'), this.bucket.arnForObjects('results/*')],
    });
  }
}
