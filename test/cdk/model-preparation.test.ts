import { describe, expect, jest, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev, prod } = stages as { dev: StageSettings; prod: StageSettings };
const { state, service } = synthesize(dev);

function functionOf(template: Template, id: string) {
  const found = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([name]) => name.startsWith(id));
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
}

test('it may read models, store prepared forms, write its log and traces, keep what it gave up, and nothing else', () => {
  expect(rights(service, 'X64PreparationFunctionRole')).toEqual([
    'logs:CreateLogStream FunctionLog',
    'logs:PutLogEvents FunctionLog',
    's3:AbortMultipartUpload ModelsBucket /*/.prepared/*',
    's3:GetObject ModelsBucket /*',
    's3:GetObjectVersion ModelsBucket /*',
    's3:ListBucket ModelsBucket',
    's3:PutObject ModelsBucket /*/.prepared/*',
    'sqs:GetQueueAttributes DeadLetters',
    'sqs:GetQueueUrl DeadLetters',
    'sqs:SendMessage DeadLetters',
    'xray:PutTelemetryRecords "*"',
    'xray:PutTraceSegments "*"',
  ]);
  const ofKey = rights(synthesize(prod, 'prod').service, 'X64PreparationFunctionRole').filter((right) =>
    /^kms/.test(right),
  );
  expect(ofKey).toEqual(['kms:Decrypt Key', 'kms:GenerateDataKey Key']);
});

test('functions that serve may still only read models, write records of calls, and take a canary back', () => {
  const written = rights(service, 'DefaultFunctionRole').filter(
    (right) => /ModelsBucket/.test(right) && !/:(Get|List)/.test(right),
  );
  expect(written).toEqual([
    's3:DeleteObject ModelsBucket /.canary/*',
    's3:PutObject ModelsBucket /*/aliases.json',
    ...['.audit/bodies', '.audit/calls', '.audit/changes', '.canary', '.usage'].map(
      (place) => `s3:PutObject ModelsBucket /${place}/*`,
    ),
  ]);
});

describe('the function', () => {
  test('is as those that serve: processor, runtime, memory and room', () => {
    const serving = functionOf(service, 'DefaultFunction');
    const { Layers, Architectures, MemorySize, EphemeralStorage } = serving;
    expect(functionOf(service, 'X64PreparationFunction')).toMatchObject({
      Layers,
      Architectures,
      MemorySize,
      EphemeralStorage,
      Timeout: 900,
    });
  });

  test('is there for each kind of processor, as large as the largest that serves on it', () => {
    const several = synthesize({
      ...dev,
      endpoints: [
        { name: 'Default', memoryMb: 1024 },
        { name: 'Fraud', models: ['fraud'], memoryMb: 4096, temporaryStorageMb: 512 },
      ],
      batch: { architecture: 'arm64', memoryMb: 3000 },
    }).service;
    expect(functionOf(several, 'X64PreparationFunction')).toMatchObject({
      Architectures: ['x86_64'],
      MemorySize: 4096,
      EphemeralStorage: { Size: 2048 },
    });
    expect(functionOf(several, 'Arm64PreparationFunction')).toMatchObject({
      Architectures: ['arm64'],
      MemorySize: 3000,
    });
  });

  test('has the memory that the stage gives it', () => {
    const { service: large } = synthesize({ ...dev, preparation: { memoryMb: 5000 } });
    expect(functionOf(large, 'X64PreparationFunction')).toMatchObject({ MemorySize: 5000 });
  });

  test('is tried twice more, then what it was to do is kept', () => {
    service.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: Match.stringLikeRegexp('X64PreparationFunction') },
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });
});

test('it starts with each object that is stored but its own, and with the end of a deployment', () => {
  expect(state.toJSON().Resources.ModelsBucket970C6ADA.Properties.NotificationConfiguration).toEqual({
    EventBridgeConfiguration: { EventBridgeEnabled: true },
  });
  const target = { DeadLetterConfig: { Arn: Match.anyValue() } };
  service.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: [Match.anyValue()] },
        object: { key: [{ 'anything-but': { wildcard: '*/.prepared/*' } }] },
      },
    },
    Targets: [Match.objectLike(target)],
  });
  service.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.cloudformation'],
      'detail-type': ['CloudFormation Stack Status Change'],
      detail: {
        'stack-id': [{ Ref: 'AWS::StackId' }],
        'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
      },
    },
    Targets: [Match.objectLike({ ...target, Input: '{"source":"tensorgate.prepare-all"}' })],
  });
});

test('a command does what a deployment has done', () => {
  const [output] = Object.values(service.findOutputs('PrepareX64'));
  expect(JSON.stringify(output?.Value)).toContain(JSON.stringify('{"source":"tensorgate.prepare-all"}').slice(1, -1));
});

test('what it gave up sets off an alarm; the dashboard shows what came of each version', () => {
  const alarms = Object.keys(service.findResources('AWS::CloudWatch::Alarm'));
  for (const name of ['AlarmsX64PreparationDeadLetters', 'AlarmsX64PreparationMemory'])
    expect(alarms).toContainEqual(expect.stringContaining(name));
  const [dashboard] = Object.values(service.findResources('AWS::CloudWatch::Dashboard'));
  for (const outcome of ['prepared', 'unfit', 'impossible']) {
    expect(JSON.stringify(dashboard)).toContain(`Versions-${outcome}`);
    service.hasResourceProperties('AWS::Logs::MetricFilter', { FilterPattern: `{ $.outcome = "${outcome}" }` });
  }
});

test('there is none where the stage wants none, and a wrong setting says what to write', () => {
  const { preparation: _, ...without } = dev;
  const functions = Object.keys(synthesize(without).service.findResources('AWS::Lambda::Function'));
  expect(functions).not.toContainEqual(expect.stringContaining('Preparation'));
  expect(() => synthesize({ ...dev, preparation: { memoryMb: 64 } })).toThrow('preparation.memoryMb');
});
