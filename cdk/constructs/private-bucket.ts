import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  HttpMethods,
  type IBucket,
  type LifecycleRule,
  type ObjectLockRetention,
  type ReplicationRule,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface PrivateBucketProps {
  /** Bucket that takes the access logs. @default none: for the log bucket itself */
  readonly accessLogs?: Bucket | undefined;
  /** Key to encrypt with. @default a key that S3 keeps */
  readonly encryptionKey?: IKey | undefined;
  /** What becomes of the bucket when its stack goes. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Days that a replaced or deleted object can still be got back. @default 30 */
  readonly oldVersionDays?: number | undefined;
  /** Rules besides those on old versions and on uploads never completed. @default none */
  readonly lifecycleRules?: readonly LifecycleRule[] | undefined;
  /** Origins whose pages may read and write objects by presigned URLs. @default none */
  readonly corsOrigins?: readonly string[] | undefined;
  /** For how long, and for whom, what is in it can be neither deleted nor changed. @default not at all */
  readonly objectLock?: ObjectLockRetention | undefined;
  /** What S3 copies, and where to. @default nothing */
  readonly replicationRules?: readonly ReplicationRule[] | undefined;
}

/** A bucket as each of ours is: versioned, encrypted, closed to the public, reached over TLS only. */
export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, props: PrivateBucketProps = {}) {
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy,
      lifecycleRules: [
        {
          id: 'OldVersions',
          noncurrentVersionExpiration: Duration.days(props.oldVersionDays ?? 30),
          expiredObjectDeleteMarker: true,
        },
        { id: 'UnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...(props.lifecycleRules ?? []),
      ],
      ...encryption(props.encryptionKey),
      ...(props.accessLogs && {
        serverAccessLogsBucket: props.accessLogs as IBucket,
        serverAccessLogsPrefix: `${id}/`,
      }),
      ...cors(props.corsOrigins ?? []),
      ...(props.objectLock && { objectLockDefaultRetention: props.objectLock }),
      ...(props.replicationRules && { replicationRules: [...props.replicationRules] }),
    });
    // A bucket that is kept stays closed.
    this.policy?.applyRemovalPolicy(removalPolicy);
  }
}

function encryption(key: IKey | undefined): Partial<BucketProps> {
  if (!key) return { encryption: BucketEncryption.S3_MANAGED };
  // A bucket key spares a call to KMS, and its price, for each object.
  return { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
}

function cors(origins: readonly string[]): Partial<BucketProps> {
  if (origins.length === 0) return {};
  const allowedMethods = [HttpMethods.GET, HttpMethods.PUT];
  return { cors: [{ allowedOrigins: [...origins], allowedMethods, allowedHeaders: ['*'] }] };
}
