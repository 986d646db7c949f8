import { describe, expect, jest, test } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { User } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { addStage } from '../../cdk/add-stage.ts';
import { ModelBucket } from '../../cdk/constructs/model-bucket.ts';
import { PrivateBucket } from '../../cdk/constructs/private-bucket.ts';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { fixtureHandler, synthesize, testApp } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev, prod } = stages as { dev: StageSettings; prod: StageSettings };
const template = { dev: synthesize(dev).state, prod: synthesize(prod, 'prod').state };
const buckets = { AccessLogs8B620ECA: 'logs', ModelsBucket970C6ADA: 'models', DataBucketE6B0FAA8: 'data' };

test('the buckets have the logical ids they always had: another id is another, empty bucket', () => {
  expect(Object.keys(template.dev.findResources('AWS::S3::Bucket'))).toEqual(Object.keys(buckets));
  expect(Object.keys(template.prod.findResources('AWS::S3::Bucket'))).toEqual(Object.keys(buckets));
  expect(Object.keys(template.prod.findResources('AWS::KMS::Key'))).toEqual(['Key961B73FD']);
});

describe.each(['dev', 'prod'] as const)('each bucket of %s', (stage) => {
  test('outlives its stack, with the policy that closes it', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'])
      template[stage].allResources(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('keeps old versions for a while, and drops uploads never completed', () => {
    template[stage].allResourcesProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Id: 'OldVersions', NoncurrentVersionExpiration: Match.anyValue(), Status: 'Enabled' }),
          Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }),
        ]),
      },
    });
  });

  test('is closed to the public and encrypted', () => {
    template[stage].allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  test('is reached over TLS 1.2 or later only', () => {
    template[stage].resourceCountIs('AWS::S3::BucketPolicy', 3);
    template[stage].allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }),
        ]),
      },
    });
  });

  test('writes who reached for it, but for the bucket of those logs', () => {
    for (const id of ['ModelsBucket970C6ADA', 'DataBucketE6B0FAA8'])
      expect(template[stage].toJSON().Resources[id].Properties.LoggingConfiguration).toMatchObject({
        DestinationBucketName: { Ref: 'AccessLogs8B620ECA' },
      });
  });
});

test('prod has a key of its own, that rotates, for models and data', () => {
  template.prod.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
  for (const id of ['ModelsBucket970C6ADA', 'DataBucketE6B0FAA8'])
    expect(JSON.stringify(template.prod.toJSON().Resources[id].Properties.BucketEncryption)).toContain('Key961B73FD');
  template.dev.resourceCountIs('AWS::KMS::Key', 0);
});

test('uploads, results and inputs of calls go after some days; models and the audit log never', () => {
  const rules = (id: string) =>
    template.dev
      .toJSON()
      .Resources[id].Properties.LifecycleConfiguration.Rules.filter(
        (rule: { ExpirationInDays?: number }) => rule.ExpirationInDays,
      );
  expect(rules('DataBucketE6B0FAA8')).toMatchObject([
    { Prefix: 'uploads/', ExpirationInDays: 1 },
    { Prefix: 'results/', ExpirationInDays: 7 },
    { Prefix: 'work/', ExpirationInDays: 14 },
    { Prefix: 'starts/', ExpirationInDays: 1 },
    { Prefix: 'asked/', ExpirationInDays: 1 },
    { Prefix: 'files/', ExpirationInDays: 30 },
    { Prefix: 'jobs/', ExpirationInDays: 90 },
    { Prefix: 'model-jobs/', ExpirationInDays: 90 },
    { Prefix: 'model-runs/', ExpirationInDays: 90 },
    { Prefix: 'model-rounds/', ExpirationInDays: 14 },
    { Prefix: 'model-checkpoints/', ExpirationInDays: 14 },
    { Prefix: 'model-starts/', ExpirationInDays: 1 },
  ]);
  expect(rules('ModelsBucket970C6ADA')).toMatchObject([{ Prefix: '.audit/bodies/', ExpirationInDays: 30 }]);
});

test('calls of the audit log go after some days where that is wanted', () => {
  const { state } = synthesize({ ...dev, audit: { callDays: 90, bodyDays: 7 } });
  state.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: Match.arrayWith([
        Match.objectLike({ Prefix: '.audit/bodies/', ExpirationInDays: 7 }),
        Match.objectLike({ Prefix: '.audit/calls/', ExpirationInDays: 90 }),
      ]),
    },
  });
});

test('nobody deletes lines of the audit log, or writes over them, in a bucket that is kept', () => {
  const denials = (settings: StageSettings) =>
    Object.values(synthesize(settings).state.findResources('AWS::S3::BucketPolicy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Resource }) => JSON.stringify(Resource).includes('.audit/changes/*'));
  expect(denials(dev)).toMatchObject([
    { Effect: 'Deny', Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'], Principal: { AWS: '*' } },
    { Effect: 'Deny', Action: 's3:PutObject', Condition: { Null: { 's3:if-none-match': 'true' } } },
  ]);
  expect(denials({ ...dev, removal: 'destroy' })).toEqual([]);
});

test('with lockDays, S3 copies the audit log into a bucket that is locked; the others stay what they are', () => {
  const { state } = synthesize({ ...prod, audit: { lockDays: 365, lockMode: 'compliance' } }, 'prod');
  expect(Object.keys(state.findResources('AWS::S3::Bucket'))).toEqual(expect.arrayContaining(Object.keys(buckets)));
  state.hasResourceProperties('AWS::S3::Bucket', {
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
  });
  const { ReplicationConfiguration, ObjectLockEnabled } = state.toJSON().Resources.ModelsBucket970C6ADA.Properties;
  expect(ObjectLockEnabled).toBeUndefined();
  expect(ReplicationConfiguration.Rules).toMatchObject([{ Status: 'Enabled', Filter: { Prefix: '.audit/' } }]);
  state.hasOutput('AuditBucketName', {});
});

test('prod refuses to lose its state; dev can be deleted', () => {
  const protection = (stage: string, settings: StageSettings) =>
    Object.values(addStage(testApp(), stage, settings, fixtureHandler)).map((stack) => stack.terminationProtection);
  expect(protection('prod', prod)).toEqual([true, false]);
  expect(protection('dev', dev)).toEqual([false, false]);
});

test("with removal 'destroy', the buckets go with their stack", () => {
  synthesize({ ...dev, removal: 'destroy' }).state.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
});

test('the outputs name the buckets', () => {
  template.dev.hasOutput('ModelBucketName', { Value: { Ref: 'ModelsBucket970C6ADA' } });
  template.dev.hasOutput('DataBucketName', { Value: { Ref: 'DataBucketE6B0FAA8' } });
});

test('who may publish one model may add lines to the audit log of changes, and delete none', () => {
  const stack = new Stack(testApp(), 'Publishing');
  const models = new ModelBucket(stack, 'Models', { accessLogs: new PrivateBucket(stack, 'Logs') });
  models.grantPublish(new User(stack, 'Ann'), ['fraud']);
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const statements: { Action: string | string[]; Resource: unknown }[] = policy?.Properties.PolicyDocument.Statement;
  const ofLines = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('/.audit/'));
  expect(ofLines.map(({ Action }) => Action)).toEqual([['s3:GetObject', 's3:PutObject']]);
});
