import { describe, expect, jest, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { BatchInference } from '../../cdk/constructs/batch-inference.ts';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { recordRights } from './record-rights.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev, prod } = stages as { dev: StageSettings; prod: StageSettings };
const { state, service } = synthesize(dev);
const production = synthesize(prod, 'prod').service;

/** The state machine's definition, with a name in place of each reference. */
function definition(template = service) {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const parts: (string | object)[] = machine?.Properties.DefinitionString['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'reference')).join(''));
}

const logs = (step: string) => [`logs:CreateLogStream Batch${step}Log`, `logs:PutLogEvents Batch${step}Log`];
const traces = ['xray:PutTelemetryRecords "*"', 'xray:PutTraceSegments "*"'];
const models = ['s3:GetObject ModelsBucket /*', 's3:GetObjectVersion ModelsBucket /*', 's3:ListBucket ModelsBucket'];
const listed = (...prefixes: string[]) =>
  `s3:ListBucket DataBucket ${JSON.stringify({ StringLikeIfExists: { 's3:prefix': prefixes } })}`;
const read = (...prefixes: string[]) =>
  prefixes.flatMap((prefix) => [`s3:GetObject DataBucket /${prefix}/*`, `s3:GetObjectVersion DataBucket /${prefix}/*`]);
const write = (...prefixes: string[]) =>
  prefixes.flatMap((prefix) => [
    `s3:PutObject DataBucket /${prefix}/*`,
    `s3:AbortMultipartUpload DataBucket /${prefix}/*`,
  ]);

/** Rights on files of these prefixes. */
const may = (readable: string[], writable: string[]) => [
  ...read(...readable, ...writable),
  ...write(...writable),
  listed(...[...readable, ...writable].map((prefix) => `${prefix}/*`)),
];

test('it is refused where its results would start jobs of their own', () => {
  const jobs = { resultPrefix: 'in/results/' };
  const build = () => new BatchInference(new Stack(), 'Batch', { models: {} as never, data: {} as never, jobs });
  expect(build).toThrow("'in/results/' and the inputs' 'in/' overlap: results would start jobs of their own");
});

describe('a worker', () => {
  test('may read inputs and models, write results and work files, its log, traces and records of calls, and nothing else', () => {
    const files = may(['in', 'files', 'uploads'], ['out', 'work']);
    expect(rights(service, 'BatchInferRole')).toEqual(
      [...logs('Infer'), ...traces, ...models, ...files, ...recordRights].sort(),
    );
  });

  test('has the time and the memory that the stage gives it', () => {
    const named = (template: typeof service) =>
      Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) => id.startsWith('BatchInfer'))?.[1];
    expect(named(service)?.Properties).toMatchObject({ MemorySize: 1769, Timeout: 900 });
    expect(named(production)?.Properties).toMatchObject({ MemorySize: 3538, Timeout: 900 });
  });
});

test('the plan may besides say which jobs there are', () => {
  const files = may(['in', 'files', 'uploads', 'starts'], ['out', 'work', 'jobs']);
  expect(rights(service, 'BatchPlanRole')).toEqual([...logs('Plan'), ...traces, ...models, ...files].sort());
});

test('the last step reads no models, and deletes work files alone', () => {
  const files = may(['in', 'starts', 'jobs'], ['out', 'work']);
  const removed = 's3:DeleteObject DataBucket /work/*';
  expect(rights(service, 'BatchFinishRole')).toEqual([...logs('Finish'), ...traces, ...files, removed].sort());
});

test('the state machine reads lists of shards, calls its functions, and tells of what happened', () => {
  const all = rights(service, 'BatchJobsStateMachineRole');
  expect(all.filter((right) => right.startsWith('s3:'))).toEqual(['s3:GetObject DataBucket /work/*']);
  expect(all.filter((right) => right.startsWith('sqs:'))).toEqual(['sqs:SendMessage DeadLetters']);
  expect(new Set(all.map((right) => right.split(':')[0]))).toEqual(
    new Set(['events', 'lambda', 'logs', 's3', 'sqs', 'states', 'xray']),
  );
});

describe('the state machine', () => {
  const { States: states } = definition();

  test('takes shards from a file, so many at once, and gives up after so many', () => {
    expect(states.InferShards).toMatchObject({
      MaxConcurrency: 10,
      ToleratedFailurePercentage: 10,
      ItemReader: {
        ReaderConfig: { InputType: 'JSON' },
        Parameters: { 'Key.$': '$.plan.shards.key' },
      },
      ResultPath: null,
    });
    expect(definition(production).States.InferShards.MaxConcurrency).toBe(100);
  });

  test('carries nothing that grows with the input', () => {
    expect(states.InferShards.ItemSelector).toEqual({ 'job.$': '$.plan.job', 'shard.$': '$$.Map.Item.Value' });
    expect(states.InferShards.ItemProcessor.States.InferShard.ResultSelector).toEqual({});
  });

  test('tries again what may pass, later each time, and by chance at different times', () => {
    const tries = { ErrorEquals: ['States.ALL'], BackoffRate: 2, JitterStrategy: 'FULL', MaxAttempts: 6 };
    for (const step of [states.PlanShards, states.FinishJob, states.Announce])
      expect(step.Retry).toMatchObject([tries]);
    expect(states.InferShards.ItemProcessor.States.InferShard.Retry).toMatchObject([
      { ErrorEquals: ['States.Timeout', 'Sandbox.Timedout'], MaxAttempts: 1 },
      tries,
    ]);
  });

  test('ends every job with its report, also where a step failed, and keeps what could not be done', () => {
    for (const step of [states.PlanShards, states.InferShards])
      expect(step.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'FinishJob' }]);
    for (const step of [states.FinishJob, states.Announce])
      expect(step.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'KeepMessage' }]);
    expect(states.FinishJob.Next).toBe('Announce');
    expect(states.IsAllDone).toMatchObject({ Choices: [{ Next: 'Ended' }], Default: 'KeepMessage' });
    expect(states.KeepMessage.Next).toBe('NotDone');
  });

  test('logs, traces, and in prod uses the key that the buckets have', () => {
    service.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL' },
      EncryptionConfiguration: Match.absent(),
    });
    production.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY' },
    });
  });
});

test('the function behind the API may take jobs, say how far they are, have them stop, and delete what was uploaded for them', () => {
  const files = may(['in', 'out'], ['asked', 'files', 'jobs', 'starts', 'work']);
  const all = rights(service, 'DefaultFunctionRole');
  expect(all).toEqual(expect.arrayContaining(files));
  expect(all.filter((right) => /Delete\w+ Data/.test(right))).toEqual(['s3:DeleteObject DataBucket /files/*']);
  service.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({ TENSORGATE_BATCH_RESULTS: 'out/', TENSORGATE_SERVED: Match.absent() }),
    },
  });
});

test('a job starts with an upload under in/, and one that cannot start is kept', () => {
  state.hasResourceProperties('AWS::S3::Bucket', {
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  service.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { object: { key: [{ prefix: 'in/' }, { prefix: 'starts/' }] } },
    },
    Targets: [Match.objectLike({ DeadLetterConfig: { Arn: Match.anyValue() } })],
  });
});

test('there is none where the stage wants none, and all can be set', () => {
  const { batch: _, jobs: __, ...without } = dev;
  synthesize(without).service.resourceCountIs('AWS::StepFunctions::StateMachine', 0);
  const batch = {
    memoryMb: 3008,
    inputPrefix: 'inbox/',
    resultPrefix: 'outbox/',
    keptFields: ['a', 'b'],
    maxFailedRecords: 5,
  };
  synthesize({ ...dev, batch }).service.hasResourceProperties('AWS::Lambda::Function', {
    MemorySize: 3008,
    Environment: {
      Variables: Match.objectLike({
        TENSORGATE_BATCH_INPUT: 'inbox/',
        TENSORGATE_BATCH_RESULTS: 'outbox/',
        TENSORGATE_BATCH_KEEP: 'a,b',
        TENSORGATE_BATCH_MAX_FAILED: '5',
      }),
    },
  });
});
