import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { addOutput } from '../constructs/add-output.ts';
import { AuditVault } from '../constructs/audit-vault.ts';
import { DataBucket } from '../constructs/data-bucket.ts';
import { ModelBucket } from '../constructs/model-bucket.ts';
import { PrivateBucket } from '../constructs/private-bucket.ts';
import type { StageSettings } from '../stage-settings.ts';

export interface StateStackProps extends StackProps {
  readonly settings: StageSettings;
}

/** What a deployment keeps: its models, what callers upload, and the log of who reached for them. */
export class StateStack extends Stack {
  readonly models: ModelBucket;
  readonly data: DataBucket;

  constructor(scope: Construct, id: string, { settings, ...props }: StateStackProps) {
    super(scope, id, props);
    const removalPolicy = settings.removal === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const encryptionKey =
      settings.encryption === 'kms' ? new Key(this, 'Key', { enableKeyRotation: true, removalPolicy }) : undefined;
    // Without the key: the service that delivers the logs cannot write under it.
    const accessLogs = new PrivateBucket(this, 'AccessLogs', {
      removalPolicy,
      oldVersionDays: 1,
      lifecycleRules: [{ id: 'Logs', expiration: Duration.days(settings.logRetentionDays ?? 30) }],
    });
    const common = { accessLogs, encryptionKey, removalPolicy };

    const { oldVersionDays, signingKeys, audit = {} } = settings;
    const { lockDays, lockMode, bodyDays, callDays } = audit;
    const copyTo =
      lockDays === undefined ? undefined : new AuditVault(this, 'Audit', { ...common, lockDays, lockMode });
    this.models = new ModelBucket(this, 'Models', {
      ...common,
      oldVersionDays,
      signingKeys,
      audit: { bodyDays, callDays, copyTo },
    });
    this.data = new DataBucket(this, 'Data', {
      ...common,
      ...(settings.corsOrigin && { corsOrigins: [settings.corsOrigin] }),
    });
    addOutput(
      this,
      'ModelBucketName',
      this.models.bucket.bucketName,
      'Bucket of the models: tensorgate push MODEL --models s3://<name>',
    );
    if (copyTo)
      addOutput(
        this,
        'AuditBucketName',
        copyTo.bucket.bucketName,
        'Bucket of the locked copy of the audit log: tensorgate audit verify --models s3://<name>',
      );
    addOutput(this, 'DataBucketName', this.data.bucket.bucketName, 'Bucket of uploads and results');
  }
}
