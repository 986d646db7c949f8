import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { PrivateBucket } from './private-bucket.ts';
import { tellEvents } from './tell-events.ts';

export interface DataBucketProps {
  /** Bucket that takes the access logs. */
  readonly accessLogs: Bucket;
  /** Key to encrypt with. @default a key that S3 keeps */
  readonly encryptionKey?: IKey | undefined;
  /** What becomes of the data when the stack goes. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Origins whose pages may upload and download by presigned URLs. @default none */
  readonly corsOrigins?: readonly string[] | undefined;
}

/** Files by what their keys begin with, each ending in '/'. */
export interface FilePrefixes {
  /** Files to read. */
  readonly read: readonly string[];
  /** Files to write, and to read again. */
  readonly write: readonly string[];
  /** Files to delete. @default none */
  readonly remove?: readonly string[] | undefined;
}

/**
 * What is too large for a request or an answer passes through here: callers put inputs under `uploads/`, answers lie
 * under `results/`. Both go after some days. So do the work files of batch jobs, whose inputs and results are kept.
 */
export class DataBucket extends Construct {
  readonly bucket: Bucket;
  readonly uri: string;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    this.bucket = new PrivateBucket(this, 'Bucket', {
      ...props,
      oldVersionDays: 1,
      lifecycleRules: [
        { id: 'Uploads', prefix: 'uploads/', expiration: Duration.days(1) },
        { id: 'Results', prefix: 'results/', expiration: Duration.days(7) },
        // Longer than any job takes: an execution may run for days.
        { id: 'Work', prefix: 'work/', expiration: Duration.days(14) },
        { id: 'Starts', prefix: 'starts/', expiration: Duration.days(1) },
        { id: 'Asked', prefix: 'asked/', expiration: Duration.days(1) },
        { id: 'Files', prefix: 'files/', expiration: Duration.days(30) },
        { id: 'Jobs', prefix: 'jobs/', expiration: Duration.days(90) },
        { id: 'ModelJobs', prefix: 'model-jobs/', expiration: Duration.days(90) },
        { id: 'ModelRuns', prefix: 'model-runs/', expiration: Duration.days(90) },
        // Of trainings that are over or were given up: an execution may run for days.
        { id: 'ModelRounds', prefix: 'model-rounds/', expiration: Duration.days(14) },
        { id: 'ModelCheckpoints', prefix: 'model-checkpoints/', expiration: Duration.days(14) },
        { id: 'ModelStarts', prefix: 'model-starts/', expiration: Duration.days(1) },
      ],
    });
    tellEvents(this.bucket);
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

  /** Lets `grantee` read, write and delete the files of these prefixes and no others. */
  grantFiles(grantee: IGrantable, { read, write, remove = [] }: FilePrefixes): Grant {
    const { bucket } = this;
    const grant = (actions: string[], prefixes: readonly string[]) =>
      Grant.addToPrincipal({
        grantee,
        actions,
        resourceArns: prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
      });
    bucket.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
    const grants = [
      grant(['s3:GetObject', 's3:GetObjectVersion'], [...read, ...write]),
      grant(['s3:PutObject', 's3:AbortMultipartUpload'], write),
      Grant.addToPrincipal({
        grantee,
        actions: ['s3:ListBucket'],
        resourceArns: [bucket.bucketArn],
        // "IfExists", because S3 asks for this right, without a prefix, before it says that an object is not there.
        conditions: { StringLikeIfExists: { 's3:prefix': [...read, ...write].map((prefix) => `${prefix}*`) } },
      }),
      ...(remove.length > 0 ? [grant(['s3:DeleteObject'], remove)] : []),
    ];
    return grants.reduce((all, each) => all.combine(each));
  }
}
