import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Bucket, type IBucket, ObjectLockRetention, type ReplicationRule } from 'aws-cdk-lib/aws-s3';
import { Duration, type RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { PrivateBucket } from './private-bucket.ts';

export interface AuditVaultProps {
  /** Bucket that takes the access logs. */
  readonly accessLogs: Bucket;
  /** Key to encrypt with. @default a key that S3 keeps */
  readonly encryptionKey?: IKey | undefined;
  /** What becomes of it when the stack goes. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Days for which nobody can delete or change what is in it. */
  readonly lockDays: number;
  /**
   * Whether those with the right to may lift the lock ('governance'), or nobody, not even the account itself
   * ('compliance').
   * @default 'governance'
   */
  readonly lockMode?: 'governance' | 'compliance' | undefined;
}

/**
 * A copy of the audit log under S3 Object Lock, which S3 itself makes.
 *
 * A bucket of its own: what a bucket locks by default it locks for all that is in it, models too, and one that has no
 * lock gets none without being made anew. `tensorgate audit verify --models s3://<its name>` reads it as it reads the
 * log itself.
 */
export class AuditVault extends Construct {
  readonly bucket: Bucket;
  /** For the bucket with the log. */
  readonly replication: ReplicationRule;

  constructor(scope: Construct, id: string, props: AuditVaultProps) {
    super(scope, id);
    const { lockDays, lockMode = 'governance', ...bucket } = props;
    const days = Duration.days(lockDays);
    this.bucket = new PrivateBucket(this, 'Bucket', {
      ...bucket,
      objectLock:
        lockMode === 'compliance' ? ObjectLockRetention.compliance(days) : ObjectLockRetention.governance(days),
    });
    this.replication = {
      destination: this.bucket as IBucket,
      filter: { prefix: '.audit/' },
      priority: 1,
      ...(bucket.encryptionKey && { kmsKey: bucket.encryptionKey, sseKmsEncryptedObjects: true }),
    };
  }
}
