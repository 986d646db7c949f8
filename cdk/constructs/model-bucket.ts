import { AnyPrincipal, Effect, Grant, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AccessFile } from './access-file.ts';
import type { AuditVault } from './audit-vault.ts';
import type { ModelSource } from './model-source.ts';
import { PrivateBucket } from './private-bucket.ts';
import { tellEvents } from './tell-events.ts';

export interface ModelBucketProps {
  /** Bucket that takes the access logs. */
  readonly accessLogs: Bucket;
  /** Key to encrypt with. @default a key that S3 keeps */
  readonly encryptionKey?: IKey | undefined;
  /** What becomes of the models when the stack goes. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /** Days that a replaced or deleted file can still be got back. @default 30 */
  readonly oldVersionDays?: number | undefined;
  /**
   * Public keys in PEM: whatever serves the models loads only versions that one of them signed. @default signatures are
   * not asked for
   */
  readonly signingKeys?: readonly string[] | undefined;
  /** What becomes of the audit log. @default it is kept for ever, inputs of calls for 30 days */
  readonly audit?: AuditRetention | undefined;
}

/** How long the audit log is kept. */
export interface AuditRetention {
  /** Days that inputs of calls are kept. @default 30 */
  readonly bodyDays?: number | undefined;
  /** Days that lines of calls are kept. @default for ever */
  readonly callDays?: number | undefined;
  /** Where S3 copies the log. @default nowhere */
  readonly copyTo?: AuditVault | undefined;
}

export interface ModelSelection {
  /** The models to serve. @default all in the bucket */
  readonly modelNames?: readonly string[] | undefined;
  /** The models to load while the function starts. @default none */
  readonly pinnedModels?: readonly string[] | undefined;
}

/**
 * The model repository: `<model>/<version>/model.onnx`, and what belongs to it.
 *
 * It is the service's only state, so by default it outlives its stack.
 *
 * @example
 * const models = new ModelBucket(this, 'Models', { accessLogs });
 * new InferenceFunction(this, 'Function', { models: models.select({ pinnedModels: ['fraud'] }) });
 */
export class ModelBucket extends Construct implements ModelSource {
  readonly bucket: Bucket;
  readonly uri: string;
  readonly pinnedModels: readonly string[] = [];
  readonly signingKeys: string | undefined;

  constructor(scope: Construct, id: string, props: ModelBucketProps) {
    super(scope, id);
    const { signingKeys, audit, ...bucket } = props;
    this.bucket = new PrivateBucket(this, 'Bucket', {
      ...bucket,
      lifecycleRules: recordRules(audit ?? {}),
      replicationRules: audit?.copyTo && [audit.copyTo.replication],
    });
    if (props.removalPolicy !== RemovalPolicy.DESTROY) this.#onlyAppend();
    this.signingKeys = signingKeys?.map((key) => key.trim()).join('\n');
    tellEvents(this.bucket);
    this.uri = `s3://${this.bucket.bucketName}`;
  }

  /** Some of the models, or all with some of them pinned, for one function. */
  select(selection: ModelSelection): ModelSource {
    const { modelNames, pinnedModels = [] } = selection;
    const { uri, signingKeys } = this;
    return {
      uri,
      modelNames,
      pinnedModels,
      signingKeys,
      grantRead: (grantee) => this.grantRead(grantee, modelNames),
      grantStopCanaries: (grantee) => this.grantStopCanaries(grantee, modelNames),
      grantRecords: (grantee) => this.grantRecords(grantee),
      grantDrift: (grantee) => this.grantDrift(grantee, modelNames),
    };
  }

  /** Lets `grantee` read the models of these names, or all: their files, also by version, and what there is. */
  grantRead(grantee: IGrantable, modelNames?: readonly string[]): Grant {
    const { bucket } = this;
    bucket.encryptionKey?.grantDecrypt(grantee);
    const files = Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resourceArns: (modelNames?.map((name) => `${name}/*`) ?? ['*']).map((pattern) => bucket.arnForObjects(pattern)),
    });
    const list = Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [bucket.bucketArn],
      // "IfExists", because S3 asks for this right, without a prefix, before it says that an object is not there.
      ...(modelNames && {
        conditions: { StringLikeIfExists: { 's3:prefix': modelNames.flatMap((name) => [name, `${name}/*`]) } },
      }),
    });
    return files.combine(list);
  }

  /** The keys of gRPC callers, who come by no API. */
  get grpcKeys(): AccessFile {
    const file = '.access/grpc-keys.json';
    return { uri: `${this.uri}/${file}`, grantRead: (grantee) => this.#grantReadFile(grantee, file) };
  }

  /** Who may do what, of those who come by an API. */
  get policies(): AccessFile {
    const file = '.access/policies.json';
    return { uri: `${this.uri}/${file}`, grantRead: (grantee) => this.#grantReadFile(grantee, file) };
  }

  #grantReadFile(grantee: IGrantable, file: string): Grant {
    const { bucket } = this;
    bucket.encryptionKey?.grantDecrypt(grantee);
    const read = Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [bucket.arnForObjects(file)],
    });
    // Else S3 does not say that there is none.
    const list = Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [bucket.bucketArn],
      conditions: { StringLikeIfExists: { 's3:prefix': [file] } },
    });
    return read.combine(list);
  }

  /** Lets `grantee` keep, in `.drift`, how the inputs and outputs of these models are spread, or of all. */
  grantDrift(grantee: IGrantable, modelNames?: readonly string[]): Grant {
    return this.#grantPlaces(grantee, modelNames?.map((name) => `.drift/${name}/*`) ?? ['.drift/*']);
  }

  /**
   * Lets `grantee` write where aliases of these models lead, or of all, with a line in the audit log, and what hosts
   * count of canaries.
   */
  grantStopCanaries(grantee: IGrantable, modelNames?: readonly string[]): Grant {
    const { bucket } = this;
    bucket.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
    const names = modelNames ?? [];
    const aliases = modelNames ? names.map((name) => `${name}/aliases.json`) : ['*/aliases.json'];
    const counts = modelNames ? names.map((name) => `.canary/${name}/*`) : ['.canary/*'];
    const changes = '.audit/changes/*';
    const grant = (actions: string[], places: readonly string[]) =>
      Grant.addToPrincipal({ grantee, actions, resourceArns: places.map((place) => bucket.arnForObjects(place)) });
    const list = Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [bucket.bucketArn],
      conditions: { StringLikeIfExists: { 's3:prefix': [...counts, changes] } },
    });
    return grant(['s3:PutObject'], [...aliases, changes, ...counts])
      .combine(grant(['s3:GetObject'], [changes, ...counts]))
      .combine(grant(['s3:DeleteObject'], counts))
      .combine(list);
  }

  /** Lets `grantee` write lines of the audit log, inputs of calls and usage, and read usage of others. */
  grantRecords(grantee: IGrantable): Grant {
    return this.#grantPlaces(grantee, ['.audit/calls/*', '.audit/bodies/*', '.usage/*']);
  }

  /** Lets `grantee` write lines of the audit log of calls. */
  grantRecordCalls(grantee: IGrantable): Grant {
    return this.#grantPlaces(grantee, ['.audit/calls/*']);
  }

  /** Lets `grantee` read and write what is in some places of the repository, and see what there is. */
  #grantPlaces(grantee: IGrantable, places: readonly string[]): Grant {
    const { bucket } = this;
    bucket.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
    const files = Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', 's3:PutObject'],
      resourceArns: places.map((place) => bucket.arnForObjects(place)),
    });
    // Else S3 does not say that there is none.
    const list = Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [bucket.bucketArn],
      conditions: { StringLikeIfExists: { 's3:prefix': places } },
    });
    return files.combine(list);
  }

  /** Lets `grantee` write files in some places of the repository, and do `more` with them. */
  #grantPut(grantee: IGrantable, places: readonly string[], more: readonly string[] = []): Grant {
    const { bucket } = this;
    bucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey');
    return Grant.addToPrincipal({
      grantee,
      actions: ['s3:PutObject', ...more, 's3:AbortMultipartUpload'],
      resourceArns: places.map((place) => bucket.arnForObjects(place)),
    });
  }

  /**
   * Keeps everybody from deleting lines of the audit log, and from writing over them: first this policy would have to
   * go.
   */
  #onlyAppend(): void {
    const { bucket } = this;
    const lines = ['.audit/changes/*', '.audit/calls/*'].map((place) => bucket.arnForObjects(place));
    const denied = { effect: Effect.DENY, principals: [new AnyPrincipal()], resources: lines };
    bucket.addToResourcePolicy(
      new PolicyStatement({ ...denied, actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'] }),
    );
    const writesOver = { Null: { 's3:if-none-match': 'true' } };
    bucket.addToResourcePolicy(new PolicyStatement({ ...denied, actions: ['s3:PutObject'], conditions: writesOver }));
  }

  /** Lets `grantee` store prepared forms beside the versions, besides reading them. */
  grantPrepare(grantee: IGrantable): Grant {
    const write = this.#grantPut(grantee, ['*/.prepared/*']);
    return this.grantRead(grantee).combine(write);
  }

  /** Lets `grantee` see which files there are, and how large they are. */
  grantList(grantee: IGrantable): Grant {
    const { bucketArn } = this.bucket;
    return Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucketArn] });
  }

  /**
   * Lets `grantee` add versions, with lines in the audit log, besides reading all: it may write what lies in a folder
   * that is called by a number that does not begin with 0, and delete nothing. So settings, aliases and policies are
   * out of its reach.
   */
  grantAddVersions(grantee: IGrantable): Grant {
    const versions = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `*/${digit}*`);
    const write = this.#grantPut(grantee, versions);
    return this.grantRead(grantee).combine(write).combine(this.grantRecordChanges(grantee));
  }

  /** Lets `grantee` publish: write and delete the files of these models, or of all, besides reading them. */
  grantPublish(grantee: IGrantable, modelNames?: readonly string[]): Grant {
    const places = modelNames?.map((name) => `${name}/*`) ?? ['*'];
    const write = this.#grantPut(grantee, places, ['s3:DeleteObject']);
    const publish = this.grantRead(grantee, modelNames).combine(write);
    return modelNames ? publish.combine(this.grantRecordChanges(grantee)) : publish;
  }

  /** Lets `grantee` add lines to the audit log of changes, which it reads to find its end. */
  grantRecordChanges(grantee: IGrantable): Grant {
    return this.#grantPlaces(grantee, ['.audit/changes/*']);
  }
}

/**
 * Inputs of calls go after some days, calls if that is wanted; of usage, which hosts write over all the time, no
 * versions are kept.
 */
function recordRules({ bodyDays = 30, callDays }: AuditRetention): readonly LifecycleRule[] {
  const day = Duration.days(1);
  const gone = (days: number) => ({ expiration: Duration.days(days), noncurrentVersionExpiration: day });
  return [
    { id: 'AuditBodies', prefix: '.audit/bodies/', ...gone(bodyDays) },
    ...(callDays === undefined ? [] : [{ id: 'AuditCalls', prefix: '.audit/calls/', ...gone(callDays) }]),
    { id: 'Usage', prefix: '.usage/', noncurrentVersionExpiration: day },
  ];
}
